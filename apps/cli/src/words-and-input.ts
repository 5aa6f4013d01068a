import { createInterface } from 'node:readline';

/** The words of a command line, one after the other; `-` stands for what begins the lines of standard input. */
export async function* wordsAndInput(words: readonly string[]): AsyncGenerator<string> {
  for (const word of words) {
    if (word !== '-') yield word;
    else {
      for await (const line of createInterface({ input: process.stdin })) {
        const first = line.split('\t', 1)[0]?.trim();
        if (first) yield first;
      }
    }
  }
}
