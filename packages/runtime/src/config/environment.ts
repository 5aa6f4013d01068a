/** The environment as this process was given it, for a program that starts others and must hand it on. */
export function environment(): Readonly<NodeJS.ProcessEnv> {
  return process.env;
}
