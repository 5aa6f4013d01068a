import type { ResponseDocument, ResponseStatus } from '@campaign-manager/core/models';
import { ConflictError, receiveResponse, routeResponse } from '@campaign-manager/core/store';
import type { ApiContext } from '../context.js';
import { addAdvances } from '../jobs.js';

/**
 * Stores a reply, puts it into its conversation's inbox and has that decided at once, whichever way it came. A second one
 * with the same id changes nothing: it answers with `created` false and what became of the first.
 * @throws ConflictError where the id belongs to a reply to another conversation: that is a mistake of the caller, and a
 * reply would be lost by it.
 */
export async function handIn(
  context: ApiContext,
  handed: ResponseDocument,
): Promise<{ readonly status: ResponseStatus; readonly created: boolean }> {
  const { response, created } = await receiveResponse(context.store, handed);
  if (response.conversation_id !== handed.conversation_id) {
    throw new ConflictError(`A response '${handed._id}' exists already, for another conversation.`);
  }
  // One that is still `received` was stored by a process that came no further: this one goes on.
  if (response.status !== 'received') return { status: response.status, created };
  const { status, wake } = await routeResponse(context.store, response);
  await addAdvances(context, wake);
  return { status, created };
}
