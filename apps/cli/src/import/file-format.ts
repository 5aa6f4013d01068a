import { type Command, InvalidArgumentError, Option } from 'commander';
import { FORMATS } from './import-file.js';

/** The options of every command that reads a file of rows. */
export function withFileFormat(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'default: by the ending of the name').choices(FORMATS))
    .option('--delimiter <character>', 'what stands between the cells of CSV', oneCharacter, ',');
}

function oneCharacter(text: string): string {
  if (text === '\\t') return '\t';
  if (text.length === 1) return text;
  throw new InvalidArgumentError('It must be one character, or \\t.');
}
