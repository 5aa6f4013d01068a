import { EVERY_APP, type Variables } from '../variable.js';

export const serviceVariables = {
  mongodbUri: {
    name: 'MONGODB_URI',
    kind: 'url',
    schemes: ['mongodb', 'mongodb+srv'],
    default: 'mongodb://localhost:27017',
    secret: true,
    roles: EVERY_APP,
    description: 'Where MongoDB is, alone or as a replica set.',
  },
  mongodbDatabase: {
    name: 'MONGODB_DATABASE',
    kind: 'string',
    default: 'communication_service',
    // https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions
    pattern: /^[^/\\. "$*<>:|?\p{Cc}]{1,63}$/u,
    allowed: '1 to 63 characters without / \\ . " $ * < > : | ? and spaces',
    roles: EVERY_APP,
    description: 'The database that holds everything.',
  },
  dbConnectionPoolSize: {
    name: 'DB_CONNECTION_POOL_SIZE',
    kind: 'integer',
    default: 20,
    min: 1,
    max: 1000,
    unit: 'connections',
    roles: EVERY_APP,
    description: 'How many connections to MongoDB one process opens at most.',
  },
  dbMaxIdleTimeMs: {
    name: 'DB_MAX_IDLE_TIME_MS',
    kind: 'integer',
    default: 30_000,
    min: 0,
    max: 86_400_000,
    unit: 'milliseconds',
    roles: EVERY_APP,
    description: 'An unused connection to MongoDB is closed after this time; 0 keeps it.',
  },
  redisUrl: {
    name: 'REDIS_URL',
    kind: 'url',
    schemes: ['redis', 'rediss'],
    default: 'redis://localhost:6379',
    secret: true,
    roles: EVERY_APP,
    description:
      'Where Redis is. It must run with `maxmemory-policy noeviction`, and may be emptied at any time. Of a cluster it names one node or several: `redis://a:6379,b:6379`.',
  },
  redisCluster: {
    name: 'REDIS_CLUSTER',
    kind: 'boolean',
    default: false,
    roles: EVERY_APP,
    description: 'REDIS_URL names nodes of a Redis Cluster. REDIS_PREFIX then needs a part in braces.',
  },
  redisPrefix: {
    name: 'REDIS_PREFIX',
    kind: 'string',
    default: 'campaign',
    pattern: /^[\w.{}-]{1,64}$/,
    allowed: '1 to 64 letters, digits or _ . - { }',
    roles: EVERY_APP,
    description:
      'The beginning of every key in Redis, so that several installations can share one. In a cluster it has a part in braces, such as `{campaign}`, which puts all keys into one slot.',
  },
} as const satisfies Variables;
