import { Command, InvalidArgumentError, Option } from 'commander';
import type { Case } from './run.js';

export interface Options {
  readonly quick?: boolean;
  /** Names of cases; absent: all. */
  readonly only?: readonly string[];
  /** Absent: what suits the sizes. */
  readonly repeat?: number;
  readonly json?: string;
  readonly svg?: string;
}

/** Cases that one asks for together. */
const GROUP = 'scale';

const ABOUT = `Measures the product against the floor: the bare operations of MongoDB, Redis and SMTP that the same work
cannot avoid, with the same drivers and the same write concern (majority, journal), in the same run. On a shared
machine only the ratio means something. Run and floor take turns. Progress goes to standard error, the tables to
standard output.`;

/** @throws nothing: an option that is not allowed ends the process with a line that says what is. */
export function parseOptions(cases: readonly Case[]): Options {
  return new Command('bench')
    .description(ABOUT)
    .option('--quick', 'small sizes, one run of each: about two minutes')
    .addOption(
      new Option('--only <cases...>', `these cases; ${GROUP}: all that begin so`).choices([
        ...cases.map(({ name }) => name),
        GROUP,
      ]),
    )
    .option('--repeat <n>', 'pairs of each case, or rounds over its points (default: up to 3, quick: 1)', wholeNumber)
    .option('--json <file>', 'writes machine, settings, every run and every verdict to a file')
    .option('--svg <file>', 'draws the cost of a step against the conversations stored (case growth)')
    .addHelpText('after', notes(cases))
    .parse()
    .opts<Options>();
}

/** Whether a case is asked for. Pure. */
export function isChosen(name: string, { only }: Pick<Options, 'only'>): boolean {
  return only === undefined || only.includes(name) || (only.includes(GROUP) && name.startsWith(`${GROUP}-`));
}

function notes(cases: readonly Case[]): string {
  const lines = cases.map((one) => {
    const against = one.kind === 'pair' ? one.floorWhat : `itself, by ${one.pointUnit}`;
    return `  ${one.name.padEnd(16)} ${one.what}\n                   against ${against}`;
  });
  return `
Cases:
${lines.join('\n')}

CPU is in seconds per 1,000 units, of our processes, MongoDB and Redis; MB is the memory of our largest process.
The exit code is 0 where everything was measured, whether or not a target is met.
`;
}

function wholeNumber(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
