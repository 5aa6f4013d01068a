/** One line of the doctor: what is well, or what is wrong and how to mend it. */
export type Finding =
  | { readonly ok: true; readonly what: string; readonly detail?: string }
  | { readonly ok: false; readonly what: string; readonly wrong: string; readonly mend: string };

/** The lines of a finding. */
export function describeFinding(finding: Finding): readonly string[] {
  const { what } = finding;
  if (finding.ok) return [`ok     ${what}${finding.detail === undefined ? '' : `: ${finding.detail}`}`];
  return [`wrong  ${what}: ${finding.wrong}`, `       to mend it: ${finding.mend}`];
}

/** The reason of an error in one line. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? '').replace(/\.$/, '');
}
