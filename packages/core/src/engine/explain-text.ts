import type { Awaited, ExplainedEvent, ExplainedResponse, Explanation } from './explain-types.js';

/** An explanation in plain sentences with dates (UTC), for a terminal or a mail. */
export function explanationToText(explanation: Explanation): string {
  const { conversation_id, at, summary, history, awaiting, next, end, responses } = explanation;
  const endIsFurther = end !== undefined && !next.includes(end);
  return [
    `Conversation ${conversation_id}, ${date(at)}`,
    summary,
    ...section('What was decided', history.map(line)),
    ...section('What is awaited', awaiting.map(awaited)),
    ...section('What happens if nothing comes', [...next.map(line), ...(endIsFurther ? ['...', line(end)] : [])]),
    ...responses.flatMap(response),
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((text) => `  ${text}`)];
}

function response({ kind, intents, label, at_once, afterwards }: ExplainedResponse): string[] {
  const same = kind === 'any_other' && intents.length > 0 ? ` (so does the intent ${intents.join(', ')})` : '';
  const atOnce = at_once.map(({ sentence }) => `at once: ${sentence}`);
  return section(`${label} would do this${same}`, [...atOnce, ...afterwards.map(line)]);
}

function line({ at, sentence }: ExplainedEvent): string {
  return `${date(at)}  ${sentence}`;
}

function awaited({ sentence, until }: Awaited): string {
  return until === undefined ? sentence : `until ${date(until)}  ${sentence}`;
}

function date(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
