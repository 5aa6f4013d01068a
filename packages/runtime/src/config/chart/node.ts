import type { Schema } from './variable-schema.js';

/** A value of the chart: its JSON Schema with a description, and either its default or the values within it. */
export type Node = Schema & {
  readonly description: string;
  readonly default?: unknown;
  readonly properties?: Nodes;
};

export type Nodes = { readonly [name: string]: Node };

/** What belongs together. Another key in it is an error. */
export function group(description: string, properties: Nodes, more: Schema = {}): Node {
  return { description, type: 'object', additionalProperties: false, properties, ...more };
}

export function text(description: string, preset = '', more: Schema = {}): Node {
  return { description, type: 'string', default: preset, ...more };
}

export function choice(description: string, options: readonly [string, ...string[]]): Node {
  return { description, enum: options, default: options[0] };
}

export function flag(description: string, preset: boolean): Node {
  return { description, type: 'boolean', default: preset };
}

export function count(description: string, preset: number, minimum: number, maximum: number): Node {
  return { description, type: 'integer', default: preset, minimum, maximum };
}

/** A list of what Kubernetes describes; its api server looks at the members. */
export function objects(description: string): Node {
  return { description, type: 'array', items: { type: 'object' }, default: [] };
}

/** A mapping of what Kubernetes describes. */
export function mapping(description: string, preset: object = {}): Node {
  return { description, type: 'object', default: preset };
}

/** Labels, annotations and the like. */
export function texts(description: string, preset: object = {}): Node {
  return { ...mapping(description, preset), additionalProperties: { type: 'string' } };
}
