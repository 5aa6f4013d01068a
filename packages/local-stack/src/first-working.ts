import type { LocalService } from './local-service.js';

/** What one source gave. */
export type Attempt =
  | { readonly status: 'started'; readonly service: LocalService }
  | { readonly status: 'unavailable'; readonly reason: string };

/** One way to get a server. */
export interface Source {
  /** For people, in the list of what was tried: `Docker`, `mongod on the PATH`. */
  readonly name: string;
  /** What it throws counts as unavailable too, with the error's message as the reason. */
  start(): Promise<Attempt>;
}

export interface FailedSource {
  readonly source: string;
  readonly reason: string;
}

/** Thrown when no source could give the service; `tried` says why each one could not. */
export class NoLocalServiceError extends Error {
  override readonly name = 'NoLocalServiceError';
  readonly service: string;
  readonly tried: readonly FailedSource[];

  constructor(service: string, variable: string, tried: readonly FailedSource[]) {
    const list = tried.map(({ source, reason }) => `  - ${source}: ${reason}`).join('\n');
    super(`${service} could not be started. Set ${variable} to one that runs, or mend one of these:\n${list}`);
    this.service = service;
    this.tried = tried;
  }
}

/** Tries the sources in their order and takes the first that starts. */
export async function firstWorking(
  service: string,
  variable: string,
  sources: readonly Source[],
): Promise<LocalService> {
  const tried: FailedSource[] = [];
  for (const source of sources) {
    const attempt = await attempted(source);
    if (attempt.status === 'started') return attempt.service;
    tried.push({ source: source.name, reason: attempt.reason });
  }
  throw new NoLocalServiceError(service, variable, tried);
}

async function attempted(source: Source): Promise<Attempt> {
  try {
    return await source.start();
  } catch (error) {
    return { status: 'unavailable', reason: error instanceof Error ? error.message : String(error) };
  }
}
