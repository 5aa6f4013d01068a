import { drawingFaults } from './support/docs/check-drawings.js';
import { linkFaults } from './support/docs/check-links.js';
import { mentionFaults } from './support/docs/check-mentions.js';
import { sampleFaults } from './support/docs/check-samples.js';
import { tableFaults } from './support/docs/check-tables.js';
import { tryManager } from './support/docs/compile-manager.js';
import { readFacts } from './support/docs/facts.js';
import { folders, mermaidOf, type Page, pagePaths, parsePages, readPages } from './support/docs/pages.js';

const GUIDE = 'docs/configuration-guide.md';
const IMPLEMENTATION = 'docs/campaign_manager_implementation.md';

/** Those that the user's document sets. */
const USERS_VARIABLES = [
  'CAMPAIGN_MAX_BATCH_SIZE',
  'CAMPAIGN_STAGE_DELAY_FACTOR',
  'CAMPAIGN_RETRY_DELAY_SECONDS',
  'CAMPAIGN_METRICS_TTL_SECONDS',
  'CAMPAIGN_PROCESSING_THREADS',
  'CAMPAIGN_POLLING_INTERVAL_SECONDS',
  'MONGODB_URI',
  'MONGODB_DATABASE',
  'WORKER_THREADS',
  'MAX_CONCURRENT_CONVERSATIONS',
  'WORKER_CONCURRENT_TASKS',
  'DB_CONNECTION_POOL_SIZE',
  'DB_MAX_IDLE_TIME_MS',
  'ENABLE_METRICS',
  'METRICS_PORT',
  'CAMPAIGN_METRICS_SAMPLE_RATE',
  'LOG_LEVEL',
  'LOG_FORMAT',
  'INCLUDE_TRACE_ID',
  'SENSITIVE_FIELDS',
];

const facts = readFacts();
const pages = readPages(pagePaths());

function page(path: string): Page {
  const found = pages.find((one) => one.path === path);
  if (!found) throw new Error(`There is no page ${path}.`);
  return found;
}

/** Every app and package; core has a room for each of its entry points. */
function roomFolders(): string[] {
  const below = (folder: string) => folders(folder).map((name) => `${folder}/${name}`);
  return [...below('apps'), ...below('packages'), ...below('packages/core/src')]
    .filter((room) => room !== 'packages/core')
    .sort();
}

describe('the pages', () => {
  it("are those that the user's document points to, and each has drawings", () => {
    const paths = ['processing', 'manager_implementation', 'manager_class_diagram'].map(
      (name) => `docs/campaign_${name}.md`,
    );
    for (const path of [...paths, 'docs/conversation_campaign_workflow.md']) {
      expect(mermaidOf(page(path)).length).toBeGreaterThan(1);
    }
  });

  it.each(pages.map(({ path }) => path))("%s has drawings that Mermaid reads, with the code's own names", (path) => {
    expect(drawingFaults(page(path), facts)).toEqual([]);
  });

  it.each(pages.map(({ path }) => path))('%s names settings, metrics, files and functions that exist', (path) => {
    expect(mentionFaults(page(path), facts)).toEqual([]);
  });

  it.each(pages.map(({ path }) => path))('%s has tables that say what the code says', (path) => {
    expect(tableFaults(page(path), facts)).toEqual([]);
  });

  it.each(pages.map(({ path }) => path))('%s has links that lead somewhere', (path) => {
    expect(linkFaults(page(path), pages, facts.exists)).toEqual([]);
  });
});

describe('what they show', () => {
  it('includes every collection with its key', () => {
    const entities = mermaidOf(page('docs/campaign_manager_class_diagram.md')).flatMap(
      (block) => block.drawing?.entities ?? [],
    );
    const keyed = entities.filter(({ attributes }) => attributes.some(({ name }) => name === '_id'));
    expect(keyed.map(({ name }) => name).sort()).toEqual([...facts.collections.keys()].sort());
  });

  it('includes each room of the house, once', () => {
    const [rooms] = page('ARCHITECTURE.md').tables.filter(({ head }) => head[0] === 'room');
    const listed = (rooms?.rows ?? []).flatMap(([room]) => room?.spans ?? []);
    expect(listed.filter((room) => /^(apps|packages)/.test(room)).sort()).toEqual(roomFolders());
  });

  it('includes each decision under its own number', () => {
    for (const { path, text } of pages.filter(({ path }) => path.startsWith('docs/decisions/'))) {
      const number = Number(/(\d+)-/.exec(path)?.[1]);
      expect(`${path}: ${text.split('\n')[0]}`).toMatch(new RegExp(`: # ${number}\\. `));
    }
  });

  it("includes every variable of the user's document, in the guide", () => {
    expect(page(GUIDE).spans).toEqual(expect.arrayContaining(USERS_VARIABLES));
  });

  it('includes every queue and job', () => {
    const heads = page('docs/campaign_processing.md').tables.map(({ head }) => head.slice(0, 2).join());
    expect(heads).toContain('queue,job');
  });
});

describe('the samples', () => {
  it('of the configuration guide are valid', () => {
    expect(sampleFaults(page(GUIDE))).toEqual([]);
    const languages = page(GUIDE).blocks.map(({ lang }) => lang);
    expect(languages.filter((lang) => lang === 'json')).toHaveLength(6);
    expect(languages.filter((lang) => lang === 'yaml')).toHaveLength(5);
  });

  it('of custom logic compiles, and takes large deals to the executives', async () => {
    const [sample] = page(IMPLEMENTATION).blocks.filter(({ lang }) => lang === 'ts');
    expect(await tryManager(sample?.text ?? '')).toEqual(['decision', 'executive_approval']);
  }, 120_000);
});

/** What is wrong, the text that has it, and what is said of it. */
type Wrong = readonly [what: string, text: string, fault: string];

const drawing = (text: string) => `\`\`\`mermaid\n${text}\n\`\`\`\n`;

const WRONG_DRAWINGS: readonly Wrong[] = [
  ['what Mermaid cannot read', 'flowchart LR\n  a[b --> c', 'a drawing cannot be read'],
  ['a wrong queue', 'flowchart LR\n  a["job conversation.advance"]', 'there is no job conversation.advance'],
  ['a wrong job', 'sequenceDiagram\n  a->>b: job campaigns.initialise', 'there is no job campaigns.initialise'],
  ['a wrong field', 'flowchart LR\n  a["next_action_on"]', 'a drawing shows next_action_on'],
  ['states of nothing', 'stateDiagram-v2\n  [*] --> draft', 'does not say of which'],
  [
    'a wrong state',
    'stateDiagram-v2\n  %% states: CampaignStatus\n  draft --> started',
    'started is no CampaignStatus',
  ],
  [
    'a missing state',
    'stateDiagram-v2\n  %% states: CampaignStatus\n  draft --> running',
    'no drawing shows CampaignStatus paused',
  ],
  ['a wrong class', 'classDiagram\n  class CampaignBoss', 'no class CampaignBoss is exported'],
  ['a wrong kind', 'classDiagram\n  class Channel {\n    name\n  }', 'no class Channel is exported'],
  [
    'a wrong member',
    'classDiagram\n  class CampaignManager {\n    evaluate() void\n  }',
    'CampaignManager has no evaluate',
  ],
  ['a wrong heritage', 'classDiagram\n  Slot <|-- Channel', 'Channel does not extend Slot'],
  ['a wrong way', 'classDiagram\n  Ports --> Channel : clock', 'Ports.clock does not lead to Channel'],
  [
    'a wrong operation',
    'classDiagram\n  class x {\n    <<store>>\n    dropAll()\n  }',
    'the store has no operation dropAll',
  ],
  ['a wrong collection', 'erDiagram\n  letters {\n    string _id PK\n  }', 'there is no collection letters'],
  ['a wrong column', 'erDiagram\n  messages {\n    string sender\n  }', 'messages has no field sender'],
  ['a wrong kind of column', 'erDiagram\n  messages {\n    string due_at\n  }', 'messages.due_at is of kind number'],
];

const WRONG_NAMES: readonly Wrong[] = [
  ['a variable', '`CAMPAIGN_BATCH_SIZE`', 'CAMPAIGN_BATCH_SIZE is not in the catalogue'],
  ['a variable in a sample', '```yaml\nSMTP_HOST: localhost\n```', 'SMTP_HOST is not in the catalogue'],
  ['a metric', 'communication_mails_total', 'there is no metric communication_mails_total'],
  ['a label', '`communication_messages_total{mood="good"}`', 'communication_messages_total has no label mood'],
  ['a file', '`packages/core/src/engine/decision.ts`', 'there is no file packages/core'],
  ['a function', '`decideAll()`', 'no function decideAll() is exported'],
];

const WRONG_TABLES: readonly Wrong[] = [
  ['jobs', '| queue | job | tries |\n| - | - | - |\n| `mails` | `send` | 5 |', 'the catalogue has no job mails.send 5'],
  [
    'jobs, with one left out',
    '| queue | job | tries |\n| - | - | - |\n| `mails` | `send` | 5 |',
    'lacks messages.retry 5',
  ],
  [
    'defaults',
    '| variable | default |\n| - | - |\n| `METRICS_PORT` | 9091 |',
    'the default of METRICS_PORT is 9090, not 9091',
  ],
  [
    'metrics',
    '| metric | kind | labels |\n| - | - | - |\n| `communication_repairs_total` | gauge | `kind` |',
    'is a counter of kind',
  ],
  ['statuses', '| status of | values |\n| - | - |\n| `campaigns` | `draft` |', 'campaigns can be draft, scheduled'],
  ['results', '| `result` | why |\n| - | - |\n| `victory` | x |', 'victory is no ConversationResult'],
  ['repairs', '| left behind | kind |\n| - | - |\n| x | `mended` |', 'mended is no kind of repair'],
];

const WRONG_SAMPLES: readonly Wrong[] = [
  ['a template', '```json\n{"_id": "t", "name": "T", "type": "sales", "stages": {"a": {}}}\n```', '$.stages.a'],
  ['rules', '```json\n{"progression_rules": {"patience": 1}}\n```', 'patience'],
  ['a campaign of nothing', '```json\n{"template_id": "t"}\n```', 'a sample is neither'],
  ['settings', '```yaml\nservices:\n  worker:\n    environment:\n      WORKER_THREADS: many\n```', 'WORKER_THREADS'],
  ['settings that do not exist', '```yaml\nconfig:\n  CAMPAIGN_BATCH_SIZE: 1\n```', 'CAMPAIGN_BATCH_SIZE'],
  ['YAML that cannot be read', '```yaml\na: [\n```', 'This is not valid YAML'],
];

const WRONG_LINKS = '# One heading\n\n[a](nowhere.md) [b](#another-heading) [c](#one-heading) [d](https://example.com)';

/** All texts are parsed in one process: to load the parsers costs more than to use them. */
const samples = parsePages(
  [
    ...WRONG_DRAWINGS.map(([, text]) => drawing(text)),
    ...[...WRONG_NAMES, ...WRONG_TABLES, ...WRONG_SAMPLES].map(([, text]) => text),
    WRONG_LINKS,
  ].map((text) => ({ path: 'docs/sample.md', text })),
);

function parsed(text: string): Page {
  const found = samples.find((sample) => sample.text === text);
  if (!found) throw new Error('This text was not parsed.');
  return found;
}

describe('these tests refuse', () => {
  it.each(WRONG_DRAWINGS)('%s in a drawing', (_, text, expected) => {
    expect(drawingFaults(parsed(drawing(text)), facts).join('\n')).toContain(expected);
  });

  it.each(WRONG_NAMES)('%s that does not exist', (_, text, expected) => {
    expect(mentionFaults(parsed(text), facts)).toEqual([expect.stringContaining(expected)]);
  });

  it.each(WRONG_TABLES)('a wrong table of %s', (_, text, expected) => {
    expect(tableFaults(parsed(text), facts).join('\n')).toContain(expected);
  });

  it('a link to a file or a heading that is not there', () => {
    const sample = parsed(WRONG_LINKS);
    const exists = (path: string) => path === 'docs/sample.md';
    expect(linkFaults(sample, [sample], exists)).toEqual([
      'docs/sample.md: the link nowhere.md leads to no file',
      'docs/sample.md: docs/sample.md has no heading for #another-heading',
    ]);
  });

  it.each(WRONG_SAMPLES)('a sample with a fault: %s', (_, text, expected) => {
    expect(sampleFaults(parsed(text)).join('\n')).toContain(expected);
  });

  it('a manager that does not fit the types', async () => {
    const source =
      "import { CampaignManager } from '@campaign-manager/core/manager';\nexport default class extends CampaignManager { override evaluateStage() {} }";
    await expect(tryManager(source)).rejects.toThrow(/TS4113|does not contain a member|not declared in the base class/);
  }, 120_000);
});
