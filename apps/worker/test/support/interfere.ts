import type { Store } from '@campaign-manager/core/store';

type Hook = () => void | Promise<void>;

/** A store that is the real one, but for the moments at which the test makes it slow or lets it fail. */
export interface Interference {
  readonly store: Store;
  /**
   * Runs before an operation on a collection is sent; what it throws is the operation's failure.
   * `conversations.aggregate` is used by nobody but the gate.
   */
  before(operation: `${keyof Store & string}.${string}`, hook: Hook): void;
  /** How often each operation was sent, such as `conversations.bulkWrite`. */
  count(operation: `${keyof Store & string}.${string}`): number;
  reset(): void;
}

export function interfere(real: Store): Interference {
  const hooks = new Map<string, Hook>();
  const counts = new Map<string, number>();

  function wrapped(name: string, model: { readonly collection: object }): object {
    const collection = new Proxy(model.collection, {
      get: (target, method) => {
        const value: unknown = Reflect.get(target, method);
        if (typeof value !== 'function' || typeof method !== 'string') return value;
        return (...args: unknown[]) => {
          const operation = `${name}.${method}`;
          counts.set(operation, (counts.get(operation) ?? 0) + 1);
          const hook = hooks.get(operation);
          const call = () => value.apply(target, args) as unknown;
          if (!hook) return call();
          if (method === 'find' || method === 'aggregate') return afterHook(call() as object, hook);
          return Promise.resolve().then(hook).then(call);
        };
      },
    });
    return new Proxy(model, { get: (target, key) => (key === 'collection' ? collection : Reflect.get(target, key)) });
  }

  const models = Object.entries(real).filter(([, value]) => typeof value === 'function' && 'collection' in value);
  return {
    store: { ...real, ...Object.fromEntries(models.map(([name, model]) => [name, wrapped(name, model as never)])) },
    before: (operation, hook) => void hooks.set(operation, hook),
    count: (operation) => counts.get(operation) ?? 0,
    reset: () => {
      hooks.clear();
      counts.clear();
    },
  };
}

/** A cursor that runs the hook before it fetches. */
function afterHook(cursor: object, hook: Hook): object {
  return new Proxy(cursor, {
    get: (target, method) => {
      const value: unknown = Reflect.get(target, method);
      if (typeof value !== 'function') return value;
      if (method === 'toArray') {
        return async () => {
          await hook();
          return value.call(target) as unknown;
        };
      }
      return (...args: unknown[]) => {
        const next = value.apply(target, args) as unknown;
        return next === target ? afterHook(target, hook) : next;
      };
    },
  });
}
