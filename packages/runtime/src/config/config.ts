import type { ChannelName } from '@campaign-manager/core/schemas';
import type { FromSchema } from 'json-schema-to-ts';
import type { Catalog } from './catalog.js';
import type { Variable } from './variable.js';

type Absent<V> = V extends { readonly default: unknown } ? never : undefined;

/** The type of a variable's value, by its kind. */
type ValueOf<V extends Variable> = V extends { readonly kind: 'integer' | 'number' }
  ? number | Absent<V>
  : V extends { readonly kind: 'boolean' }
    ? boolean
    : V extends { readonly kind: 'enum'; readonly values: readonly (infer Value)[] }
      ? Value | Absent<V>
      : V extends { readonly kind: 'list' }
        ? readonly string[]
        : V extends {
              readonly kind: 'json';
              readonly schema: infer Schema extends Extract<Variable, { kind: 'json' }>['schema'];
            }
          ? FromSchema<Schema>
          : string | Absent<V>;

/** What the variables say, one by one. */
export type Values = { readonly [Key in keyof Catalog]: ValueOf<Catalog[Key]> };

/** Who is told of an escalation. `to` is absent where the channel needs no address. */
export interface Notifier {
  readonly channel: ChannelName;
  readonly to?: string;
}

/** How spans leave the process: as OTLP over HTTP, written in one of two ways. */
export type OtlpProtocol = 'http/protobuf' | 'http/json';

/**
 * The configuration of an app, frozen. Names are those of the variables in camelCase without `CAMPAIGN_`; times are in
 * milliseconds and end in `Ms`. Variables without a default are `undefined` where they are not set.
 */
export interface Config extends Omit<Values, 'defaultChannel' | 'notifiers'> {
  readonly defaultChannel: ChannelName;
  /** By the name that templates use; has no inherited members. */
  readonly notifiers: { readonly [name: string]: Notifier };
  /** How traces are exported; null where they are not. */
  readonly tracing: { readonly protocol: OtlpProtocol } | null;
  /** Variables that look like ours and are not, one sentence each: log them at start. */
  readonly warnings: readonly string[];
}
