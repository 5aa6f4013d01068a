import type { Command } from '@campaign-manager/core/engine';
import { compileValidator, idSchema, type Validated } from '@campaign-manager/core/schemas';

type Properties = Readonly<Record<string, object>>;

function commandOf(name: Command['name'], description: string, required: Properties = {}, optional: Properties = {}) {
  return {
    type: 'object',
    description,
    required: ['name', ...Object.keys(required)],
    properties: { name: { const: name }, ...required, ...optional },
    additionalProperties: false,
  };
}

const until = { type: 'integer', minimum: 0, description: 'Wall clock, in milliseconds since 1970 (UTC).' };
const key = { type: 'string', minLength: 1, maxLength: 1000, description: 'Key of the message in the ledger.' };

/** What an operator can tell a conversation: the `Command` of the engine, with `until` in wall clock. */
const SCHEMAS = {
  retry: commandOf('retry', 'A blocked conversation tries again.'),
  take: commandOf('take', 'Takes the open escalation: follow-ups and the maximum hold.'),
  release: commandOf('release', 'Gives a taken escalation back.'),
  advance: commandOf('advance', 'Goes to the next stage, or to the one named.', {}, { to: idSchema }),
  snooze: commandOf('snooze', 'Nothing is sent and no deadline passes before `until`.', { until }),
  complete: commandOf('complete', 'Ends with success.'),
  fail: commandOf('fail', 'Ends with failure.'),
  cancel: commandOf('cancel', 'Ends as cancelled.'),
  resend: commandOf('resend', 'Sends an abandoned or unknown message again, under a new key.', { key }),
} satisfies Record<Command['name'], object>;

export const commandSchema = { oneOf: Object.values(SCHEMAS) };

const named = compileValidator<{ readonly name: Command['name'] }>({
  type: 'object',
  required: ['name'],
  properties: { name: { enum: Object.keys(SCHEMAS) } },
});

const byName = new Map(Object.entries(SCHEMAS).map(([name, schema]) => [name, compileValidator<Command>(schema)]));

/** Checks a command by its name, so that its faults are those of that command. */
export function validateCommand(body: unknown): Validated<Command> {
  const found = named(body);
  const validate = found.ok ? byName.get(found.value.name) : undefined;
  return validate ? validate(body) : { ok: false, faults: found.ok ? [] : found.faults };
}
