import { fileURLToPath } from 'node:url';

const root = new URL('../../../', import.meta.url);

/** The entry of another app, run as a process of its own. */
export function appFile(app: 'api' | 'scheduler' | 'worker'): string {
  return fileURLToPath(new URL(`apps/${app}/dist/main.js`, root));
}

/** Where everything is kept that a run leaves behind: data, logs, the local key. Not under version control. */
export function stateFile(path: string): string {
  return fileURLToPath(new URL(`.campaign/${path}`, root));
}

/** The folder of the example documents. */
export const EXAMPLES = new URL('examples/', root);
