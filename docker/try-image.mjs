// Builds the image and runs one campaign in it, as confined as Compose runs it: `node docker/try-image.mjs [--image NAME]`.
// Needs a Docker engine on Linux; MongoDB, Redis and the mailbox are those of this machine.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { freePort, startMailbox, startMongo, startRedis } from '@campaign-manager/local-stack';
import { until } from '@campaign-manager/testkit';
import { runCampaign } from './try/campaign.mjs';

/** EX_UNAVAILABLE of sysexits.h. */
const EXIT_UNAVAILABLE = 69;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CONFINED = ['--network', 'host', '--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL'];
/** A user that the image does not know, as some platforms give to every project. */
const SOME_USER = '4711:4711';

const { image: given } = parseArgs({ options: { image: { type: 'string' } } }).values;
const image = given ?? 'campaign-manager';
const run = promisify(execFile);
const started = [];
const cleanUp = [];

async function docker(...args) {
  const { stdout, stderr } = await run('docker', args, { cwd: ROOT, maxBuffer: 2 ** 26 });
  return { out: stdout.trim(), err: stderr.trim() };
}

/** Prints what holds, or throws. */
function check(what, holds, found) {
  if (!holds) throw new Error(`${what}: no, but ${JSON.stringify(found)}`);
  console.log(`ok  ${what}${found === undefined ? '' : `: ${found}`}`);
}

async function inspectImage() {
  const [{ Config: config, Size: size }] = JSON.parse((await docker('image', 'inspect', image)).out);
  check('runs as a user by number, not as root', /^[1-9]\d*(:\d+)?$/.test(config.User), config.User);
  check('has a health check', config.Healthcheck?.Test?.length > 1, config.Healthcheck?.Test?.join(' '));
  check('size in MB', true, Math.round(size / 1e6));
  const tools = 'for tool in npm npx pnpm yarn corepack gcc make; do command -v $tool; done; true';
  const { out } = await docker('run', '--rm', '--entrypoint', 'sh', image, '-c', tools);
  check('has no package manager of Node.js and no build tools', out === '', out || undefined);
  const bom = await docker('run', '--rm', '--entrypoint', 'cat', image, '/app/sbom.cdx.json');
  check('carries its bill of materials', JSON.parse(bom.out).bomFormat === 'CycloneDX');
  const wrong = await docker('run', '--rm', image, 'postman').catch((error) => error);
  check('an unknown role ends with 64', wrong.code === 64, wrong.stderr?.trim());
}

async function startServices() {
  const log = (line) => console.log(`    ${line}`);
  const mongo = await startMongo({ log });
  cleanUp.push(mongo.stop);
  const redis = await startRedis({ log });
  cleanUp.push(redis.stop);
  const mailbox = await startMailbox();
  cleanUp.push(mailbox.stop);
  return { mongo, redis, mailbox };
}

async function startRole(role, env) {
  const port = await freePort();
  const variables = Object.entries({ ...env, METRICS_PORT: port }).flatMap(([name, value]) => [
    '--env',
    `${name}=${value}`,
  ]);
  const health = ['--health-interval', '1s', '--health-cmd', 'node docker/health.mjs ready'];
  const { out: id } = await docker(
    'run',
    '--detach',
    '--user',
    SOME_USER,
    ...CONFINED,
    ...health,
    ...variables,
    image,
    role,
  );
  started.push(id);
  const state = async () => JSON.parse((await docker('inspect', '--format', '{{json .State}}', id)).out);
  await until(async () => (await state()).Health.Status === 'healthy', {
    timeoutMs: 120_000,
    describe: `${role} is healthy`,
  });
  check(`${role} is healthy, read-only and as user ${SOME_USER}`, true);
  return { role, id, state };
}

async function stopRole({ role, id, state }) {
  await docker('stop', '--time', '40', id);
  const { ExitCode: code, OOMKilled: killed } = await state();
  const { out } = await docker('logs', id);
  check(`${role} drains at \`docker stop\` and ends with 0`, code === 0 && !killed && out.includes('"Stopped"'), code);
}

async function main() {
  if (given === undefined) await docker('build', '--file', 'docker/Dockerfile', '--tag', image, '.');
  await inspectImage();
  const { mongo, redis, mailbox } = await startServices();
  const apiPort = await freePort();
  const key = randomBytes(24).toString('hex');
  const env = {
    MONGODB_URI: mongo.uri,
    MONGODB_DATABASE: `try_image_${process.pid}`,
    REDIS_URL: redis.uri,
    REDIS_PREFIX: `try_image_${process.pid}`,
    SMTP_URL: mailbox.uri,
    CAMPAIGN_POLLING_INTERVAL_SECONDS: '1',
    API_PORT: apiPort,
    API_BOOTSTRAP_KEY: key,
  };
  const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  await docker('run', '--rm', '--user', SOME_USER, ...CONFINED, ...variables, image, 'migrate');
  check('migrate ends with 0', true);
  const roles = [];
  for (const role of ['scheduler', 'worker', 'api']) roles.push(await startRole(role, env));
  const { sent, subject } = await runCampaign(`http://127.0.0.1:${apiPort}`, key, mailbox);
  check('one campaign reached its recipients by mail', sent > 0, `${sent} mails, the first: ${subject}`);
  for (const role of roles) await stopRole(role);
}

if (!(await docker('version', '--format', '{{.Server.Version}}').catch(() => null))) {
  console.error('No Docker engine answers: start one, or set DOCKER_HOST.');
  process.exit(EXIT_UNAVAILABLE);
}
try {
  await main();
} catch (error) {
  console.error(error.stderr || error.message);
  process.exitCode = 1;
} finally {
  for (const id of started) await docker('rm', '--force', id).catch(() => undefined);
  for (const stop of cleanUp.reverse()) await stop();
}
