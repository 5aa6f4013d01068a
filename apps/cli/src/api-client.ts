/** The REST api as a caller sees it. Paths begin with `/v1`. */
export interface Api {
  readonly url: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** One JSON document per line. */
  postLines<T>(path: string, documents: readonly unknown[]): Promise<T>;
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

export function createApi(url: string, key: string): Api {
  async function call<T>(method: string, path: string, type?: string, body?: string): Promise<T> {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(type !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    if (!response.ok) throw new ApiError(`${method} ${path}`, response.status, text);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  const get = <T>(path: string) => call<T>('GET', path);
  return {
    url,
    get,
    post: (path, body) => call('POST', path, 'application/json', JSON.stringify(body)),
    postLines: (path, documents) =>
      call('POST', path, 'application/x-ndjson', documents.map((document) => `${JSON.stringify(document)}\n`).join('')),
    list: async <T>(path: string) => {
      const all: T[] = [];
      let after: string | null | undefined = '';
      while (after !== null && after !== undefined) {
        const cursor: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
        const separator = path.includes('?') ? '&' : '?';
        const page: { items: T[]; next?: string | null } = await get(`${path}${separator}limit=${PAGE}${cursor}`);
        all.push(...page.items);
        after = page.next;
      }
      return all;
    },
  };
}
