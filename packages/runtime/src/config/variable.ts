import type { JSONSchema } from 'json-schema-to-ts';

/** The apps that read a variable. */
export type Role = 'scheduler' | 'worker' | 'api' | 'cli';

/** What every variable has. The key under which the catalog lists it is its name in `Config`. */
interface Described {
  /** The name in the environment. */
  readonly name: string;
  /** One sentence or two for `docs/configuration.md`. */
  readonly description: string;
  readonly roles: readonly Role[];
  /** The value is never printed. */
  readonly secret?: true;
  /** Describes the default where a value alone does not tell it. */
  readonly defaultText?: string;
}

interface Bounded {
  /** Without it the variable may be absent. */
  readonly default?: number;
  readonly max: number;
  readonly unit?: string;
  /** The value in `Config` is the given one times this: 1000 turns seconds into milliseconds. */
  readonly times?: 1000;
}

/** One environment variable: the single source of its parser, its type, its error message and its documentation. */
export type Variable = Described &
  (
    | ({ readonly kind: 'integer'; readonly min: number } & Bounded)
    /** Decimals are allowed; `above` excludes its bound, `min` includes it. */
    | ({ readonly kind: 'number'; readonly min: number } & Bounded)
    | ({ readonly kind: 'number'; readonly above: number } & Bounded)
    | { readonly kind: 'boolean'; readonly default: boolean }
    | {
        readonly kind: 'enum';
        readonly values: readonly string[];
        /** Other spellings and the value they stand for. */
        readonly aliases?: { readonly [spelling: string]: string };
        readonly default?: string;
      }
    | {
        readonly kind: 'string';
        /** Without lookaround, which not every reader of the chart's schema knows; hence the two fields that follow. */
        readonly pattern: RegExp;
        /** What `pattern` would let through and is refused. */
        readonly except?: RegExp;
        readonly maxCharacters?: number;
        /** What all of these say, in words that fit after "must be". */
        readonly allowed: string;
        readonly default?: string;
      }
    | {
        readonly kind: 'list';
        /** What each item matches. */
        readonly pattern: RegExp;
        readonly allowed: string;
        readonly default: readonly string[];
      }
    | { readonly kind: 'url'; readonly schemes: readonly string[]; readonly default?: string }
    | {
        readonly kind: 'json';
        readonly schema: Exclude<JSONSchema, boolean>;
        readonly allowed: string;
        /** As JSON text. */
        readonly default: string;
      }
  );

export type Variables = { readonly [key: string]: Variable };

/** What every app but the command line reads. */
export const EVERY_APP = ['scheduler', 'worker', 'api'] as const satisfies readonly Role[];
