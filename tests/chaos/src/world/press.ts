import type { World } from './world.js';

const QUEUES = ['campaigns', 'conversations', 'messages', 'notifications'] as const;
/** The board's own names of the states that it can clean. */
const CLEANABLE = ['wait', 'active', 'prioritized', 'delayed', 'completed', 'failed'] as const;
const JOBS = 50;
/** A queue stands still for so long at most. */
const PAUSE_MS = 1500;

/** A button of the board at `/queues`; resolves with whether it did anything. */
type Button = (world: World) => Promise<boolean>;

/** Every button that changes something, by its name. */
export const BUTTONS: Readonly<Record<string, Button>> = {
  'retry a job': (world) => onSomeJob(world, 'completed', (path) => put(world, `${path}/retry`)),
  'remove a job': (world) => onSomeJob(world, 'latest', (path) => put(world, `${path}/clean`)),
  'promote a job': (world) => onSomeJob(world, 'delayed', (path) => put(world, `${path}/promote`)),
  'put a job forward': (world) =>
    onSomeJob(world, 'latest', (path) =>
      patch(world, `${path}/priority`, { priority: Math.floor(world.random() * 10) }),
    ),
  'retry all': (world) => put(world, `${someQueue(world)}/retry/${pick(world, ['failed', 'completed'])}`),
  'promote all': (world) => put(world, `${someQueue(world)}/promote`),
  'clean a state': (world) => put(world, `${someQueue(world)}/clean/${pick(world, CLEANABLE)}`),
  'empty a queue': (world) => put(world, `${someQueue(world)}/empty`),
  'pause a queue': (world) => paused(world, async () => true),
  'obliterate a queue': (world) => paused(world, (path) => put(world, `${path}/obliterate`, { force: true })),
};

const PATH = '/queues/api/queues';

/** Of a queue that has any, beginning with one at random. */
async function onSomeJob(
  world: World,
  status: 'latest' | 'completed' | 'delayed',
  act: (path: string) => Promise<boolean>,
): Promise<boolean> {
  const first = Math.floor(world.random() * QUEUES.length);
  for (const queue of [...QUEUES.slice(first), ...QUEUES.slice(0, first)]) {
    const jobs = await jobsOf(world, queue, status);
    if (jobs.length > 0) return act(`${PATH}/${queue}/${encodeURIComponent(pick(world, jobs).id)}`);
  }
  return false;
}

interface Listed {
  readonly queues: readonly { readonly name: string; readonly jobs: readonly { readonly id: string }[] }[];
}

async function jobsOf({ client }: World, queue: string, status: string) {
  const query = new URLSearchParams({ activeQueue: queue, status, page: '1', jobsPerPage: String(JOBS) });
  const answer = await client.once('GET', `${PATH}?${query}`);
  const { queues } = (answer?.body ?? { queues: [] }) as Listed;
  return queues.find(({ name }) => name === queue)?.jobs ?? [];
}

/** Pauses a queue, and resumes it in any case: it would stand still for ever. */
async function paused(world: World, meanwhile: (path: string) => Promise<boolean>): Promise<boolean> {
  const path = someQueue(world);
  const done = await put(world, `${path}/pause`);
  await world.wait(world.random() * PAUSE_MS);
  const more = await meanwhile(path);
  while (!(await put(world, `${path}/resume`))) await world.wait(100);
  return done && more;
}

function someQueue(world: World): string {
  return `${PATH}/${pick(world, QUEUES)}`;
}

function pick<T>({ random }: World, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

const put = (world: World, path: string, body?: object) => change(world, 'PUT', path, body);
const patch = (world: World, path: string, body: object) => change(world, 'PATCH', path, body);

async function change(world: World, method: string, path: string, body?: object): Promise<boolean> {
  const answer = await world.client.once(method, path, body);
  return answer !== null && answer.status < 300;
}
