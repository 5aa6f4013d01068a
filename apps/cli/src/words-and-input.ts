import { createInterface } from 'node:readline';
import { emptyInput } from './empty-input.js';

/** A word, or a line of standard input, whose cells stand between tabs. */
export type Cells = readonly [first: string, ...rest: string[]];

/**
 * The words of a command line, one after the other; `-` stands for the lines of standard input that are not blank.
 * @throws CliError where there are none: whoever forgets to bring a list in must not take that for its end.
 */
export async function* wordsAndInput(words: readonly string[]): AsyncGenerator<Cells> {
  for (const word of words) {
    if (word === '-') yield* standardInput();
    else yield [word];
  }
}

async function* standardInput(): AsyncGenerator<Cells> {
  let isEmpty = true;
  for await (const line of createInterface({ input: process.stdin })) {
    const [first = '', ...rest] = line.split('\t').map((cell) => cell.trim());
    if (first === '') continue;
    isEmpty = false;
    yield [first, ...rest];
  }
  if (isEmpty) throw emptyInput('Standard input');
}
