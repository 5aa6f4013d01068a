import { api, scheduler, secondScheduler, secondWorker, worker } from './series.js';
import type { Stories } from './story.js';
import { anew, away, rising, standing, steady } from './timeline.js';

const OLDEST_ESCALATION = 'communication_oldest_escalation_seconds';
const BLOCKED = 'communication_conversations_blocked';
const RESPONSES = 'communication_responses_total';
const MONGODB = 'communication_mongodb_operation_seconds';
const REDIS = 'communication_redis_operation_seconds';
const ERRORS = 'communication_store_errors_total';
const REQUESTS = 'communication_http_request_seconds_count';

const unmatched = { status: 'unmatched' };
const find = { command: 'find' };
const zadd = { command: 'zadd' };
const reply = { method: 'POST', route: '/v1/responses' };

/** "People" and "Stores" in docs/operations.md. */
export const peopleAndStores: Stories = {
  CampaignManagerEscalationsWaiting: [
    {
      name: 'nobody answers for more than four hours, as both schedulers see, and then somebody does',
      given: [scheduler, secondScheduler].map((each) =>
        each.shows(OLDEST_ESCALATION, {}, steady(14_000, 1), rising(60, 30), steady(0, 20)),
      ),
      fires: {
        from: 18,
        until: 31,
        summary: 'An escalation has been waiting for 4h 10m 35s',
        description: 'A conversation was handed to a human 4h 10m 35s ago, and nobody has resolved it.',
      },
    },
    {
      name: 'somebody answers a few minutes after four hours',
      given: [scheduler.shows(OLDEST_ESCALATION, {}, steady(14_000, 1), rising(60, 15), steady(0, 20))],
    },
    {
      name: 'there is none',
      given: [scheduler.shows(OLDEST_ESCALATION, {}, steady(0, 60))],
    },
  ],

  CampaignManagerConversationsBlocked: [
    {
      name: 'a text lacks a value for twelve people, as both schedulers see, and an operator retries them',
      given: [scheduler, secondScheduler].map((each) =>
        each.shows(BLOCKED, {}, steady(0, 10), steady(12, 40), steady(0, 10)),
      ),
      fires: {
        from: 25,
        until: 50,
        summary: '12 conversations are blocked',
        description:
          '12 conversations could not go on, such as for a value that a text needs and that is missing. Nothing is sent to these recipients until an operator mends the cause and retries.',
      },
    },
    {
      name: 'an operator retries them within a quarter of an hour',
      given: [scheduler.shows(BLOCKED, {}, steady(0, 10), steady(12, 14), steady(0, 20))],
    },
    { name: 'every conversation goes on', given: [scheduler.shows(BLOCKED, {}, steady(0, 60))] },
  ],

  CampaignManagerRepliesUnmatched: [
    {
      name: 'two replies belong to nobody',
      given: [api.shows(RESPONSES, unmatched, standing(10), steady(2, 80))],
      fires: {
        from: 15,
        until: 70,
        summary: 'Replies belong to no conversation',
        description:
          'Replies came in within the last hour that belong to no conversation. They are kept and change nothing until somebody looks at them.',
      },
    },
    {
      name: 'every reply belongs to somebody',
      given: [
        api.shows(RESPONSES, { status: 'received' }, rising(10, 90)),
        worker.shows(RESPONSES, { status: 'applied' }, rising(10, 90)),
        api.shows(RESPONSES, unmatched, standing(90)),
      ],
    },
    {
      name: 'an api that could not match some yesterday is restarted',
      given: [api.shows(RESPONSES, unmatched, steady(2, 30), away(1), anew, standing(60))],
    },
  ],

  CampaignManagerMongoDBSlow: [
    {
      name: 'every second operation takes long for twenty minutes',
      given: [
        worker.measures(MONGODB, find, {
          '0.5': [rising(60, 20), rising(30, 20), rising(60, 20)],
          1: [rising(60, 60)],
          '+Inf': [rising(60, 60)],
        }),
      ],
      fires: {
        from: 30,
        until: 45,
        summary: 'MongoDB is slow',
        description: 'One in a hundred operations on MongoDB takes 990ms or more.',
      },
    },
    {
      name: 'operations take long for four minutes',
      given: [
        worker.measures(MONGODB, find, {
          '0.5': [rising(60, 20), rising(30, 4), rising(60, 36)],
          1: [rising(60, 60)],
          '+Inf': [rising(60, 60)],
        }),
      ],
    },
    {
      name: 'one command in a thousand takes long, of one app',
      given: [
        worker.measures(MONGODB, find, { '0.5': [rising(999, 60)], 1: [rising(999, 60)], '+Inf': [rising(999, 60)] }),
        api.measures(MONGODB, find, { '0.5': [standing(60)], 1: [rising(1, 60)], '+Inf': [rising(1, 60)] }),
      ],
    },
    {
      name: 'there is one operation in a night, and it takes long',
      given: [
        worker.measures(MONGODB, find, {
          '0.5': [steady(9, 60)],
          1: [steady(9, 30), steady(10, 30)],
          '+Inf': [steady(9, 30), steady(10, 30)],
        }),
      ],
    },
  ],

  CampaignManagerRedisSlow: [
    {
      name: 'every second command takes long for twenty minutes',
      given: [
        worker.measures(REDIS, zadd, {
          '0.1': [rising(60, 20), rising(30, 20), rising(60, 20)],
          '0.25': [rising(60, 60)],
          '+Inf': [rising(60, 60)],
        }),
      ],
      fires: {
        from: 30,
        until: 45,
        summary: 'Redis is slow',
        description: 'One in a hundred commands of Redis takes 247ms or more.',
      },
    },
    {
      name: 'commands take long for four minutes',
      given: [
        worker.measures(REDIS, zadd, {
          '0.1': [rising(60, 20), rising(30, 4), rising(60, 36)],
          '0.25': [rising(60, 60)],
          '+Inf': [rising(60, 60)],
        }),
      ],
    },
  ],

  CampaignManagerStoreErrors: [
    {
      name: 'two workers have operations of MongoDB fail for half an hour',
      given: [
        ...[worker, secondWorker].map((each) =>
          each.shows(ERRORS, { store: 'mongodb' }, standing(10), rising(12, 30), standing(20)),
        ),
        worker.shows(ERRORS, { store: 'redis' }, standing(60)),
      ],
      fires: {
        from: 22,
        until: 44,
        labels: { store: 'mongodb' },
        summary: 'Operations on mongodb fail',
        description: '0.4 operations on mongodb fail every second.',
      },
    },
    {
      name: 'Redis is restarted within a minute',
      given: [worker.shows(ERRORS, { store: 'redis' }, standing(10), rising(100, 1), standing(49))],
    },
    {
      name: 'three operations a minute fail',
      given: [worker.shows(ERRORS, { store: 'mongodb' }, rising(3, 60))],
    },
    {
      name: 'a worker that had errors is restarted',
      given: [worker.shows(ERRORS, { store: 'mongodb' }, steady(5000, 30), away(1), anew, standing(60))],
    },
  ],

  CampaignManagerApiErrors: [
    {
      name: 'half of the requests fail for twenty minutes',
      given: [
        api.shows(REQUESTS, { ...reply, status: '202' }, rising(60, 20), rising(30, 20), rising(60, 20)),
        api.shows(REQUESTS, { ...reply, status: '503' }, standing(20), rising(30, 20), standing(20)),
      ],
      fires: {
        from: 31,
        until: 45,
        summary: 'The api answers with errors',
        description: '50% of the requests to the api are answered with 5xx.',
      },
    },
    {
      name: 'the only request of a night fails',
      given: [
        api.shows(REQUESTS, { ...reply, status: '202' }, steady(9, 60)),
        api.shows(REQUESTS, { ...reply, status: '503' }, steady(0, 30), steady(1, 30)),
      ],
    },
    {
      name: 'callers make mistakes, and no request ever failed for us',
      given: [
        api.shows(REQUESTS, { ...reply, status: '202' }, rising(10, 60)),
        api.shows(REQUESTS, { ...reply, status: '422' }, rising(50, 60)),
      ],
    },
  ],
};
