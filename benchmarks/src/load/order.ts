import type { Latency } from '../run.js';

/** What the load client is told. */
export interface LoadOrder {
  /** Each takes `POST /v1/responses`; the connections are shared out among them. */
  readonly urls: readonly string[];
  readonly apiKey: string;
  /** One reply to each of the first conversations of the campaign `bench`. */
  readonly count: number;
  /** Requests at once, each on a kept connection. */
  readonly atOnce: number;
}

/** What it has seen. */
export interface LoadReport {
  /** When the first request went out. Milliseconds since 1970. */
  readonly startedAt: number;
  /** When the last one was answered. */
  readonly answeredAt: number;
  /** From request to answer. */
  readonly latency: Latency;
}
