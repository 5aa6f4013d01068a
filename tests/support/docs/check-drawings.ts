import type { Facts } from './facts.js';
import { type Block, type DrawnClass, type DrawnRelation, mermaidOf, type Page } from './pages.js';

/** What is wrong with the drawings of a page: whether they can be read, and whether the code has what they show. */
export function drawingFaults(page: Page, facts: Facts): string[] {
  const drawings = mermaidOf(page);
  return [...drawings.flatMap((block) => faultsOf(block, facts)), ...missingStates(drawings, facts)].map(
    (fault) => `${page.path}: ${fault}`,
  );
}

function faultsOf(block: Block, facts: Facts): string[] {
  const { drawing, fault, text } = block;
  if (!drawing) return [`a drawing cannot be read: ${fault}`];
  return [
    ...jobFaults(text, facts),
    ...wordFaults(text, facts),
    ...(drawing.states ? stateFaults(block, drawing.states, facts) : []),
    ...(drawing.classes ?? []).flatMap((one) => classFaults(one, facts)),
    ...(drawing.relations ?? []).flatMap((one) => relationFaults(one, facts)),
    ...(drawing.entities ?? []).flatMap(({ name, attributes }) => entityFaults(name, attributes, facts)),
  ];
}

/** Drawings write jobs as `job <queue>.<name>`. */
function jobFaults(text: string, { code: { jobs } }: Facts): string[] {
  return [...text.matchAll(/\bjob ([\w-]+)\.([\w-]+)/g)].flatMap(([job, queue = '', name = '']) =>
    jobs.get(queue)?.includes(name) ? [] : [`there is no ${job}`],
  );
}

/** Names with underscores are names of the code, of its documents or of its settings. */
function wordFaults(text: string, { code: { words }, variables, collections }: Facts): string[] {
  const names = text.replaceAll(/%%.*/g, '').match(/\b[A-Za-z]+(?:_[A-Za-z]+)+\b/g) ?? [];
  return [...new Set(names)]
    .filter((name) => !words.has(name) && !variables.has(name) && !collections.has(name))
    .map((name) => `a drawing shows ${name}, which is no name of the code`);
}

/** A drawing of states says in a comment of which: `%% states: CampaignStatus`. */
function vocabularyOf({ text }: Block): string {
  return /%% states: (\w+)/.exec(text)?.[1] ?? '';
}

function stateFaults(block: Block, states: readonly string[], { vocabularies }: Facts): string[] {
  const values = vocabularies.get(vocabularyOf(block));
  if (!values) return [`a drawing of states does not say of which: '${vocabularyOf(block)}' is no vocabulary`];
  return states
    .filter((state) => !values.includes(state))
    .map((state) => `${state} is no ${vocabularyOf(block)}, only ${values.join(', ')} are`);
}

/** The drawings of a page show every state of a vocabulary together. */
function missingStates(drawings: readonly Block[], { vocabularies }: Facts): string[] {
  const shown = new Map<string, Set<string>>();
  for (const block of drawings) {
    if (!block.drawing?.states) continue;
    const name = vocabularyOf(block);
    shown.set(name, new Set([...(shown.get(name) ?? []), ...block.drawing.states]));
  }
  return [...shown].flatMap(([name, states]) =>
    (vocabularies.get(name) ?? [])
      .filter((value) => !states.has(value))
      .map((value) => `no drawing shows ${name} ${value}`),
  );
}

function classFaults({ name, annotations, members }: DrawnClass, { code }: Facts): string[] {
  const [annotation = 'class'] = annotations;
  if (annotation === 'store') return storeFaults(members, code);
  const candidates = (code.types.get(name) ?? []).filter(({ kind }) => kind === annotation);
  if (candidates.length === 0) return [`no ${annotation} ${name} is exported`];
  const known = new Set(candidates.flatMap((one) => [...one.members.keys()]));
  return members.filter((member) => !known.has(member)).map((member) => `${name} has no ${member}`);
}

/** Boxes with `<<store>>` group operations of the store. */
function storeFaults(members: readonly string[], { functions }: Facts['code']): string[] {
  const inStore = (file: string) => file.startsWith('packages/core/src/store/');
  return members
    .filter((member) => !functions.get(member)?.some(inStore))
    .map((member) => `the store has no operation ${member}`);
}

/** Dotted lines carry words of their own; the label of any other line is the member that leads there. */
function relationFaults({ from, to, label, dotted, ...relation }: DrawnRelation, { code: { types } }: Facts): string[] {
  if (relation.extends) {
    return types.get(to)?.some(({ parents }) => parents.has(from)) ? [] : [`${to} does not extend ${from}`];
  }
  if (dotted || types.get(from)?.some(({ members }) => members.get(label)?.has(to))) return [];
  return [`${from}.${label} does not lead to ${to}`];
}

function entityFaults(
  name: string,
  attributes: readonly { readonly name: string; readonly kind: string }[],
  { collections }: Facts,
): string[] {
  const fields = collections.get(name);
  if (!fields) return [`there is no collection ${name}`];
  return attributes.flatMap(({ name: field, kind }) => {
    const real = fields.get(field);
    if (real === kind) return [];
    return [real ? `${name}.${field} is of kind ${real}, not ${kind}` : `${name} has no field ${field}`];
  });
}
