/** The REST api as a caller sees it. Paths begin with `/v1`. */
export interface Api {
  readonly url: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  delete(path: string): Promise<void>;
  /** The bytes of an answer of any length, as they come. */
  getStream(path: string): Promise<AsyncIterable<Uint8Array>>;
  /** As `get`, as plain text for people. */
  getText(path: string): Promise<string>;
  /** NDJSON of any length; it is read no faster than the api takes it. */
  postStream<T>(path: string, body: AsyncIterable<Uint8Array>): Promise<T>;
  /** One JSON document per line. */
  postLines<T>(path: string, documents: readonly unknown[]): Promise<T>;
  /** The pages of a list, `{items, next}` each, one after the other. */
  pages<T>(path: string): AsyncGenerator<readonly T[]>;
  /** Every item of a list that comes in pages of `{items, next}`. */
  list<T>(path: string): Promise<T[]>;
}

/** Thrown when the api answers with another status than a success; carries its explanation. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly body: string;

  constructor(call: string, status: number, body: string) {
    super(`${call} was answered with ${status}: ${body}`);
    this.status = status;
    this.body = body;
  }
}

const PAGE = 200;

interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | null;
}

type Body = string | AsyncIterable<Uint8Array>;

export function createApi(url: string, key: string): Api {
  async function request(method: string, path: string, headers = {}, body?: Body): Promise<Response> {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(body !== undefined && { body, duplex: 'half' }),
    });
    if (response.ok) return response;
    throw new ApiError(`${method} ${path}`, response.status, await response.text());
  }

  async function send(method: string, path: string, headers: Record<string, string>, body?: Body): Promise<string> {
    return (await request(method, path, headers, body)).text();
  }

  async function call<T>(method: string, path: string, type?: string, body?: Body): Promise<T> {
    const text = await send(method, path, type === undefined ? {} : { 'content-type': type }, body);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  const get = <T>(path: string) => call<T>('GET', path);

  async function* pages<T>(path: string): AsyncGenerator<readonly T[]> {
    let after: string | null | undefined = '';
    while (after !== null && after !== undefined) {
      const cursor: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
      const separator = path.includes('?') ? '&' : '?';
      const page: Page<T> = await get(`${path}${separator}limit=${PAGE}${cursor}`);
      yield page.items;
      after = page.next;
    }
  }

  return {
    url,
    get,
    getText: (path) => send('GET', path, { accept: 'text/plain' }),
    delete: async (path) => {
      await request('DELETE', path);
    },
    getStream: async (path) => (await request('GET', path)).body ?? noBytes(),
    postStream: (path, body) => call('POST', path, 'application/x-ndjson', body),
    post: (path, body) => call('POST', path, 'application/json', JSON.stringify(body)),
    postLines: (path, documents) =>
      call('POST', path, 'application/x-ndjson', documents.map((document) => `${JSON.stringify(document)}\n`).join('')),
    pages,
    list: async <T>(path: string) => {
      const all: T[] = [];
      for await (const items of pages<T>(path)) all.push(...items);
      return all;
    },
  };
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
