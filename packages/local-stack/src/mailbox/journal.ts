import { existsSync } from 'node:fs';
import { type FileHandle, open, readFile, truncate } from 'node:fs/promises';
import type { ReceivedMail } from './received-mail.js';

/** An append-only file with one JSON line per accepted mail. */
export interface Journal {
  /** What it held when it was opened. */
  readonly earlier: readonly ReceivedMail[];
  /** Resolves when the mail is on the disk. Mails that wait at the same time share one fsync. */
  append(mail: ReceivedMail): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  readonly line: string;
  resolve(): void;
  reject(error: unknown): void;
}

/** Opens a journal and cuts off a line that a crash left unfinished: no mail was ever acknowledged for it. */
export async function openJournal(path: string): Promise<Journal> {
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
    append: (mail) =>
      new Promise((resolve, reject) => {
        waiting.push({ line: `${JSON.stringify(mail)}\n`, resolve, reject });
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
  const text = await readFile(path);
  return parse(text.subarray(0, text.lastIndexOf('\n') + 1));
}

function parse(text: Buffer): ReceivedMail[] {
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
