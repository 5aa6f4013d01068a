/** Thrown when a document that an operation needs does not exist. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
  readonly kind: string;
  readonly id: string;

  constructor(kind: string, id: string) {
    super(`There is no ${kind} '${id}'.`);
    this.kind = kind;
    this.id = id;
  }
}

/** Thrown when a document is in a state in which the operation makes no sense; nothing was changed. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

const DUPLICATE_KEY = 11000;

/** Whether MongoDB refused a write because the key exists already. */
export function isDuplicateKey(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === DUPLICATE_KEY;
}
