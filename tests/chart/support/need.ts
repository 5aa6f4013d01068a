import { find } from './program.js';

/** What to do where a program is missing. */
const SOURCES: { readonly [program: string]: string } = {
  helm: 'go install helm.sh/helm/v3/cmd/helm@v3.22.0',
};

export interface Need {
  /** `describe`, or the same skipped, with the reason in its name. */
  readonly suite: (name: string, body: () => void) => void;
  /** The programs by their names; not to be used outside of the suite. */
  readonly path: (program: string) => string;
}

/** A suite that needs programs, found on the PATH or in KUBEBUILDER_ASSETS. */
export function need(...programs: readonly string[]): Need {
  const missing = programs.filter((program) => find(program) === undefined);
  const reason = missing.map((program) => (SOURCES[program] ? `${program}: ${SOURCES[program]}` : program)).join(', ');
  return {
    suite: (name, body) => {
      if (missing.length === 0) describe(name, body);
      else describe.skip(`${name} (SKIPPED, not on the PATH or in KUBEBUILDER_ASSETS: ${reason})`, body);
    },
    path: (program) => find(program) ?? program,
  };
}
