import { fetchPrometheus, PROMETHEUS_PROGRAMS } from './fetch-prometheus.js';
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

/** A suite that needs programs, found on the PATH or in KUBEBUILDER_ASSETS; those of Prometheus are fetched. */
export function need(...programs: readonly string[]): Need {
  const sources = { ...SOURCES, ...fetched(programs) };
  const missing = programs.filter((program) => find(program) === undefined);
  const reason = missing.map((program) => (sources[program] ? `${program}: ${sources[program]}` : program)).join(', ');
  return {
    suite: (name, body) => {
      if (missing.length === 0) describe(name, body);
      else describe.skip(`${name} (SKIPPED, not on the PATH or in KUBEBUILDER_ASSETS: ${reason})`, body);
    },
    path: (program) => find(program) ?? program,
  };
}

/** Fetches those of Prometheus that are missing; where that fails, what to do about each. */
function fetched(programs: readonly string[]): typeof SOURCES {
  const wanted = programs.filter((name) => PROMETHEUS_PROGRAMS.includes(name) && find(name) === undefined);
  const failure = wanted.length > 0 ? fetchPrometheus() : undefined;
  if (failure === undefined) return {};
  return Object.fromEntries(wanted.map((name) => [name, `apt-get install prometheus; fetching it failed: ${failure}`]));
}
