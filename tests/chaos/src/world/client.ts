import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 100;
const PATIENCE_MS = 5000;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A caller of the api that repeats each request until it gets an answer. */
export interface Client {
  /** Any answer below 500; a refused connection, a broken one, a time-out or a 5xx is asked again. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  get(path: string): Promise<Answer>;
  /** Asks once, as whoever presses a button; null where no answer came. */
  once(method: string, path: string, body?: unknown): Promise<Answer | null>;
  /** How many requests had to be repeated. */
  readonly repeats: number;
  /** When requests were answered; milliseconds since 1970. */
  readonly answeredAt: readonly number[];
}

/** Thrown when the api gave an answer that the caller cannot go on with. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** @param signal ends all waiting; what is under way then rejects. */
export function createClient(url: string, key: string, signal: AbortSignal): Client {
  let repeats = 0;
  const answeredAt: number[] = [];

  async function call(method: string, path: string, body: unknown, headers = {}): Promise<Answer> {
    for (;;) {
      signal.throwIfAborted();
      const answer = await once(method, path, body, headers).catch(() => null);
      if (answer !== null && answer.status < 500) {
        answeredAt.push(Date.now());
        return answer;
      }
      repeats += 1;
      await delay(PAUSE_MS, undefined, { signal });
    }
  }

  async function once(method: string, path: string, body: unknown, headers = {}): Promise<Answer> {
    const response = await fetch(`${url}${path}`, {
      method,
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  }

  return {
    post: (path, body, headers) => call('POST', path, body, headers),
    get: (path) => call('GET', path, undefined),
    once: (method, path, body) => once(method, path, body).catch(() => null),
    answeredAt,
    get repeats() {
      return repeats;
    },
  };
}

/** The body of an answer that must be a success, or one of the other statuses named. */
export function accept<T>({ status, body }: Answer, what: string, others: readonly number[] = []): T {
  if (status >= 400 && !others.includes(status)) {
    throw new RefusedError(`${what} was answered ${status}: ${JSON.stringify(body).slice(0, 500)}`);
  }
  return body as T;
}
