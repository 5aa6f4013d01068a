/** Thrown when a command cannot do its work for a reason that its caller can mend; told in one line and a hint. */
export class CliError extends Error {
  override readonly name = 'CliError';
  /** What to do about it. */
  readonly hint: string | undefined;
  /** Further lines, such as one for each fault. */
  readonly lines: readonly string[];
  /** What the process ends with. */
  readonly exitCode: number;

  constructor(message: string, details: Partial<Pick<CliError, 'hint' | 'lines' | 'exitCode'>> = {}) {
    super(message);
    this.hint = details.hint;
    this.lines = details.lines ?? [];
    this.exitCode = details.exitCode ?? 1;
  }
}
