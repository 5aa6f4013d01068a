import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const LOADER_SOURCE = join(__dirname, '../compose-config');

export interface ComposeService {
  readonly image?: string;
  readonly command?: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly host_ip?: string; readonly target: number }[];
  readonly volumes?: readonly { readonly type: string; readonly source: string; readonly target: string }[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
  readonly restart?: string;
  readonly deploy?: { readonly replicas?: number };
  readonly profiles?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

export interface Loaded {
  readonly status: number | null;
  readonly stderr: string;
  /** Null where the file was refused. */
  readonly services: Readonly<Record<string, ComposeService>> | null;
}

/** Reads a Compose file, all profiles, with the variables and no others. */
export type ComposeLoader = (file: string, variables: Readonly<Record<string, string>>) => Loaded;

/**
 * What reads Compose files here: Docker's own plugin, else the library that it reads them with, which Go builds in
 * seconds. Null where there is neither.
 */
export function composeLoader(): ComposeLoader | null {
  if (works('docker', ['compose', 'version'])) {
    return reader((file) => ['docker', 'compose', '--file', file, '--profile', '*', 'config', '--format', 'json']);
  }
  if (!works('go', ['version'])) return null;
  const program = join(mkdtempSync(join(tmpdir(), 'compose-config-')), 'compose-config');
  const built = spawnSync('go', ['build', '-o', program, '.'], { cwd: LOADER_SOURCE, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`Go did not build the reader of Compose files: ${built.stderr}`);
  return reader((file) => [program, file]);
}

function works(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args).status === 0;
}

/** What the programs themselves need, so that no variable of ours comes along. */
const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(PATH|HOME|DOCKER_.*)$/.test(name)));

function reader(commandLine: (file: string) => readonly string[]): ComposeLoader {
  return (file, variables) => {
    const [program = '', ...args] = commandLine(file);
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: dirname(file),
      encoding: 'utf8',
      env: { ...own, ...variables },
    });
    return { status, stderr, services: status === 0 ? JSON.parse(stdout).services : null };
  };
}
