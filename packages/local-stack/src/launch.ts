import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.js';
import { endChild, hasEnded, spawnOwned } from './owned-child.js';

const READY_TIMEOUT_MS = 60_000;
const GRACE_MS = 10_000;
const PORT_ATTEMPTS = 5;

/** How a server program is run and asked. */
export interface Recipe {
  readonly program: string;
  /** The server writes its own log here, inside its folder: a pipe to us would block it whenever we are busy. */
  readonly logFile: string;
  args(place: Place): string[];
  /** One quick question, repeated until the answer is yes. */
  answers(port: number): Promise<boolean>;
}

export interface Place {
  readonly port: number;
  readonly folder: string;
  readonly persistent: boolean;
}

export interface LaunchOptions {
  readonly dataDir?: string | undefined;
  readonly port?: number | undefined;
}

export interface Launched {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Thrown when a server program ended, or gave no answer, instead of becoming ready; says what its log said last. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
  readonly program: string;
  readonly lastLines: string;

  constructor(program: string, what: string, lastLines: string) {
    super(`${program} ${what}${lastLines === '' ? '' : `; its log ends with: ${lastLines}`}`);
    this.program = program;
    this.lastLines = lastLines;
  }
}

/** Runs a server on 127.0.0.1 until it answers. A free port that somebody else took first is exchanged for another. */
export async function launch(recipe: Recipe, { dataDir, port }: LaunchOptions): Promise<Launched> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launchOnce(recipe, await freePort(port), dataDir);
    } catch (error) {
      const portTaken = error instanceof LaunchError && /address already in use/i.test(error.lastLines);
      if (!portTaken || port !== undefined || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function launchOnce(recipe: Recipe, port: number, dataDir: string | undefined): Promise<Launched> {
  const persistent = dataDir !== undefined;
  const folder = persistent ? resolve(dataDir) : await mkdtemp(join(tmpdir(), 'campaign-manager-'));
  await mkdir(folder, { recursive: true });
  const removeTemporary = () => (persistent ? undefined : rm(folder, { recursive: true, force: true }));

  const child = spawnOwned(
    recipe.program,
    recipe.args({ port, folder, persistent }),
    { stdio: 'ignore' },
    persistent ? undefined : folder,
  );
  const failedToSpawn = new Promise<string>((resolve) => child.once('error', (error) => resolve(error.message)));
  const ended = once(child, 'exit').then(
    ([code, signal]) => `ended with ${signal ?? `code ${code}`}`,
    () => failedToSpawn,
  );
  const trouble = await Promise.race([ended, readiness(recipe, port, () => hasEnded(child))]);
  const { pid } = child;
  if (trouble === 'ready' && pid !== undefined) {
    return {
      port,
      pid,
      stop: async () => {
        await endChild(child, GRACE_MS);
        await removeTemporary();
      },
    };
  }
  await endChild(child, GRACE_MS);
  const lastLines = await tail(join(folder, recipe.logFile));
  await removeTemporary();
  throw new LaunchError(recipe.program, trouble, lastLines);
}

async function readiness(recipe: Recipe, port: number, ended: () => boolean): Promise<string> {
  const giveUpAt = performance.now() + READY_TIMEOUT_MS;
  while (!ended() && performance.now() < giveUpAt) {
    if (await recipe.answers(port)) return ended() ? 'ended' : 'ready';
    await delay(20);
  }
  return `did not answer within ${READY_TIMEOUT_MS} ms`;
}

async function tail(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-4).join(' | ').slice(-1200);
}
