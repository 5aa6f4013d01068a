import { existsSync } from 'node:fs';
import { type FileHandle, open, readFile, truncate } from 'node:fs/promises';
import type { MailMishap } from './fates.js';
import type { ReceivedMail } from './received-mail.js';

/** An append-only file with one JSON line per entry, such as an accepted mail. */
export interface Journal<T> {
  /** What it held when it was opened. */
  readonly earlier: readonly T[];
  /** Resolves when the entry is on the disk. Entries that wait at the same time share one fsync. */
  append(entry: T): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  readonly line: string;
  resolve(): void;
  reject(error: unknown): void;
}

/** Opens a journal and cuts off a line that a crash left unfinished: nobody was ever answered for it. */
export async function openJournal<T>(path: string): Promise<Journal<T>> {
  const text = existsSync(path) ? await readFile(path) : Buffer.alloc(0);
  const whole = text.lastIndexOf('\n') + 1;
  if (whole < text.length) await truncate(path, whole);
  const file = await open(path, 'a');
  let waiting: Waiting[] = [];
  let flushing: Promise<void> | undefined;

  const flush = async () => {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await write(file, group);
    }
    flushing = undefined;
  };

  return {
    earlier: parse(text.subarray(0, whole)),
    append: (entry) =>
      new Promise((resolve, reject) => {
        waiting.push({ line: `${JSON.stringify(entry)}\n`, resolve, reject });
        flushing ??= flush();
      }),
    close: async () => {
      await flushing;
      await file.close();
    },
  };
}

/** The mails in a journal, also while a mailbox writes it or after its process was killed. */
export async function readJournal(path: string): Promise<ReceivedMail[]> {
  return readEntries(path);
}

/** What a mailbox did to mails instead of accepting them in peace; nothing where it never did. */
export async function readMishaps(path: string): Promise<MailMishap[]> {
  return existsSync(path) ? readEntries(path) : [];
}

async function readEntries<T>(path: string): Promise<T[]> {
  const text = await readFile(path);
  return parse(text.subarray(0, text.lastIndexOf('\n') + 1));
}

function parse<T>(text: Buffer): T[] {
  const lines = text.toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

async function write(file: FileHandle, group: readonly Waiting[]): Promise<void> {
  try {
    await file.appendFile(group.map(({ line }) => line).join(''));
    await file.datasync();
    for (const { resolve } of group) resolve();
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}
