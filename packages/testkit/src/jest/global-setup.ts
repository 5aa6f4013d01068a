import { type LocalService, startMongo, startRedis } from '@campaign-manager/local-stack';

declare global {
  /** The services of this Jest run; Jest runs the setup and the teardown in the same process. */
  var campaignTestServices: LocalService[] | undefined;
}

/** Starts one MongoDB and one Redis for the whole run, or takes those that the environment names. */
export default async function startServices(): Promise<void> {
  const { MONGODB_URI, REDIS_URL, XDG_CACHE_HOME } = process.env;
  const common = { log: say, ...(XDG_CACHE_HOME !== undefined && { cacheDir: `${XDG_CACHE_HOME}/campaign-manager` }) };
  globalThis.campaignTestServices = [];
  const mongo = await startMongo({ ...common, ...(MONGODB_URI !== undefined && { uri: MONGODB_URI }) });
  globalThis.campaignTestServices.push(mongo);
  const redis = await startRedis({ ...common, ...(REDIS_URL !== undefined && { uri: REDIS_URL }) });
  globalThis.campaignTestServices.push(redis);
  say(mongo.source);
  say(redis.source);
  process.env['CAMPAIGN_TEST_MONGODB_URI'] = mongo.uri;
  process.env['CAMPAIGN_TEST_REDIS_URL'] = redis.uri;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
