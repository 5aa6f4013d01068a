import type { CompiledStage } from '../engine/types.js';
import { createFault } from '../schemas/fault.js';
import type { FaultList } from '../schemas/fault-list.js';
import type { Path } from '../schemas/json-path.js';

/** A stage that waits for a response which cannot come, or cannot count. */
export function lintSatisfaction(stage: CompiledStage, completingIntent: string | null, warnings: FaultList): void {
  const never = neverSatisfied(stage, completingIntent);
  if (never === null) return;
  const { message, field } = never;
  warnings.add(() => createFault(['stages', stage.name, ...field], `${message} ${outcome(stage)}`));
}

/** Why no response can satisfy the stage although it waits for one; null: one can, or it waits for none. */
export function neverSatisfied(
  stage: CompiledStage,
  completingIntent: string | null,
): { readonly message: string; readonly field: Path } | null {
  if (!stage.response_required && !stage.auto_advance) return null;
  const { specific_response: intent } = stage;
  if (intent !== null) {
    if (intent !== completingIntent) return null;
    return {
      message: `The response \`${intent}\` completes the conversation, so it never satisfies this stage.`,
      field: ['progression_rules', 'specific_response_required'],
    };
  }
  if (stage.messages.length === 0) {
    return {
      message: 'A response counts only after a message of its stage, and this one sends none.',
      field: ['messages'],
    };
  }
  if ((stage.messages[0]?.delay_ms ?? 0) < stage.max_ms) return null;
  return {
    message: 'A response counts only after a message of its stage, and none is due before the maximum duration.',
    field: ['messages', 0],
  };
}

function outcome({ auto_advance, advance_on_failure }: CompiledStage): string {
  const end = auto_advance || advance_on_failure ? 'it goes on' : 'the conversation fails';
  return `Nothing can satisfy the stage: at its maximum duration ${end}.`;
}
