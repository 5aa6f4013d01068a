import { tracingChannel } from 'node:diagnostics_channel';

/** Told when a command is over: its name, how long it took, and whether it failed. */
export type OnCommand = (command: string, seconds: number, failed: boolean) => void;

/** What ioredis says of one command on its tracing channel, and when we heard of it. */
interface Traced {
  readonly command?: string;
  startedAt?: number;
  error?: unknown;
}

/** They answer when there is something to do: their time says nothing of Redis. */
const WAITING: ReadonlySet<string> = new Set(['bzpopmin', 'brpoplpush', 'blmove']);

/**
 * Has every command of every connection of this process timed, by the channel on which ioredis tells of them; BullMQ's
 * scripts are `evalsha`. Answers how to stop.
 */
export function timeCommands(tell: OnCommand): () => void {
  const channel = tracingChannel<unknown, Traced>('ioredis:command');
  const over = (traced: Traced) => {
    const { command = 'unknown', startedAt, error } = traced;
    if (startedAt === undefined || WAITING.has(command)) return;
    tell(command, (performance.now() - startedAt) / 1000, error !== undefined && !isUnknownScript(error));
  };
  const subscriber = {
    start: (traced: Traced) => {
      traced.startedAt = performance.now();
    },
    end: () => {},
    asyncStart: () => {},
    asyncEnd: over,
    error: () => {},
  };
  channel.subscribe(subscriber);
  return () => void channel.unsubscribe(subscriber);
}

/** A script that Redis has not seen yet is sent a second time, in full: nothing has failed. */
function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
