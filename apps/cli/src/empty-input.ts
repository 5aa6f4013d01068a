import { CliError } from './cli-error.js';

/** What was to be read is empty; in a container that is what a forgotten option looks like. */
export function emptyInput(name: string): CliError {
  return new CliError(`${name} is empty.`, {
    hint: 'in a container it arrives with `kubectl exec -i`, `docker run -i`, `docker compose exec -T`',
  });
}
