/** Thrown when environment variables have values that are not allowed; `message` has one line for each. */
export class ConfigError extends Error {
  override readonly name: string = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[], options?: ErrorOptions) {
    super(faults.join('\n'), options);
    this.faults = faults;
  }
}
