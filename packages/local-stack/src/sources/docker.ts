import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { StartedTestContainer } from 'testcontainers';
import type { Source } from '../first-working.js';
import type { LocalService } from '../local-service.js';

const ANSWER_TIMEOUT_MS = 3000;
const START_TIMEOUT_MS = 180_000;

/** A server as a container. */
export interface Image {
  readonly service: string;
  readonly name: string;
  readonly containerPort: number;
  readonly command: readonly string[];
  /** What the server's log says when it is ready. */
  readonly readyLine: RegExp;
  /** Where the data lies inside. */
  readonly dataPath: string;
  readonly dataDir?: string | undefined;
  readonly port?: number | undefined;
  /** Makes the address of what runs now, and finishes it where it needs that. */
  finish(port: number): Promise<string>;
}

/** Whether a Docker engine answers, and if not, why. Testcontainers looks for it: DOCKER_HOST, contexts, sockets. */
export async function askDocker(): Promise<'answers' | { readonly reason: string }> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const patience = new AbortController();
  const silence = delay(ANSWER_TIMEOUT_MS, { reason: `no answer within ${ANSWER_TIMEOUT_MS} ms` }, patience);
  const answer = getContainerRuntimeClient().then(
    () => 'answers' as const,
    () => ({ reason: 'no engine answers' }),
  );
  const first = await Promise.race([answer, silence]);
  patience.abort();
  silence.catch(() => undefined);
  return first;
}

export function dockerSource(image: Image, log: (line: string) => void): Source {
  return {
    name: 'Docker',
    start: async () => {
      const docker = await askDocker();
      if (docker !== 'answers') return { status: 'unavailable', reason: docker.reason };
      log(`Starting ${image.service} from the image ${image.name}; the first time Docker fetches it.`);
      return { status: 'started', service: await run(image) };
    },
  };
}

async function run(image: Image): Promise<LocalService> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = new GenericContainer(image.name)
    .withCommand([...image.command])
    .withExposedPorts(
      image.port === undefined ? image.containerPort : { container: image.containerPort, host: image.port },
    )
    .withWaitStrategy(Wait.forAll([Wait.forListeningPorts(), Wait.forLogMessage(image.readyLine)]))
    .withStartupTimeout(START_TIMEOUT_MS);
  if (image.dataDir !== undefined) {
    await mkdir(image.dataDir, { recursive: true });
    container.withBindMounts([{ source: resolve(image.dataDir), target: image.dataPath }]);
    // Files that the container writes stay ours, so that another source can go on with them.
    const { getuid, getgid } = process;
    if (getuid !== undefined && getgid !== undefined) container.withUser(`${getuid()}:${getgid()}`);
  }
  return finished(image, await container.start());
}

async function finished(image: Image, started: StartedTestContainer): Promise<LocalService> {
  try {
    const port = started.getMappedPort(image.containerPort);
    return {
      uri: await image.finish(port),
      source: `${image.service}: the image ${image.name} in Docker, port ${port}.`,
      stop: async () => {
        await started.stop({ timeout: 10_000 });
      },
    };
  } catch (error) {
    await started.stop();
    throw error;
  }
}
