import { instance, scheduler, secondScheduler, worker } from './series.js';
import type { Stories } from './story.js';
import { anew, away, rising, standing, steady } from './timeline.js';

const LAG = 'communication_due_lag_seconds';
const OLDEST = 'communication_oldest_due_seconds';
const JOBS = 'communication_queue_jobs';
const FAILED = 'communication_jobs_failed_total';
const EVENT_LOOP = 'nodejs_eventloop_lag_p99_seconds';
const PROCESSES = 'communication_processes';

/** "We are late" in docs/operations.md. */
export const lateness: Stories = {
  CampaignManagerDueLagHigh: [
    {
      name: 'every second conversation is decided minutes late for twenty minutes',
      given: [
        worker.measures(
          LAG,
          {},
          {
            60: [rising(60, 20), rising(30, 20), rising(60, 20)],
            300: [rising(60, 60)],
            '+Inf': [rising(60, 60)],
          },
        ),
      ],
      fires: {
        from: 30,
        until: 45,
        summary: 'Conversations are decided late',
        description: 'One in a hundred conversations is decided 4m 55s or more after it was due.',
      },
    },
    {
      name: 'a burst is late for four minutes',
      given: [
        worker.measures(
          LAG,
          {},
          {
            60: [rising(60, 20), rising(30, 4), rising(60, 30)],
            300: [rising(60, 54)],
            '+Inf': [rising(60, 54)],
          },
        ),
      ],
    },
    {
      name: 'every conversation is decided within a minute, if only just',
      given: [
        worker.measures(
          LAG,
          {},
          { 30: [standing(60)], 60: [rising(60, 60)], 300: [rising(60, 60)], '+Inf': [rising(60, 60)] },
        ),
      ],
    },
    {
      name: 'those of the day were late, and at night nobody is due',
      given: [worker.measures(LAG, {}, { 60: [steady(10, 60)], 300: [steady(100, 60)], '+Inf': [steady(100, 60)] })],
    },
  ],

  CampaignManagerOldestDueGrowing: [
    {
      name: 'nobody decides for half an hour, as both schedulers see',
      given: [scheduler, secondScheduler].map((each) =>
        each.shows(OLDEST, {}, steady(0, 10), rising(60, 30), rising(-600, 3), steady(0, 10)),
      ),
      fires: {
        from: 30,
        until: 42,
        summary: 'A conversation has been due for 20m 15s',
        description:
          'The conversation that has been due for longest has been so for 20m 15s, and the delay grows: the system does not keep up, or nobody finds it.',
      },
    },
    {
      name: 'a long delay becomes shorter',
      given: [scheduler.shows(OLDEST, {}, steady(7200, 1), rising(-60, 60))],
    },
    {
      name: 'the delay grows, and ends before it is ten minutes long',
      given: [scheduler.shows(OLDEST, {}, steady(0, 10), rising(60, 9), steady(0, 31))],
    },
    {
      name: 'nothing is due',
      given: [scheduler.shows(OLDEST, {}, steady(0, 60))],
    },
  ],

  CampaignManagerFiguresMissing: [
    {
      name: 'the scheduler cannot read from MongoDB in time for twenty minutes',
      given: [
        scheduler.shows(PROCESSES, { app: 'scheduler' }, steady(1, 40)),
        scheduler.shows(OLDEST, {}, steady(0, 10), away(20), steady(0, 10)),
      ],
      fires: {
        from: 20,
        until: 30,
        summary: 'The scheduler cannot say how late the system is',
        description:
          'A scheduler runs, but for 10 minutes it could not read from MongoDB in time how late the system is. Alerts about lateness are blind meanwhile.',
      },
    },
    {
      name: 'MongoDB is away for nine minutes',
      given: [
        scheduler.shows(PROCESSES, { app: 'scheduler' }, steady(1, 40)),
        scheduler.shows(OLDEST, {}, steady(0, 10), away(9), steady(0, 21)),
      ],
    },
    {
      name: 'one of two schedulers can read',
      given: [
        scheduler.shows(PROCESSES, { app: 'scheduler' }, steady(1, 40)),
        scheduler.shows(OLDEST, {}, away(40)),
        secondScheduler.shows(PROCESSES, { app: 'scheduler' }, steady(1, 40)),
        secondScheduler.shows(OLDEST, {}, steady(0, 40)),
      ],
    },
    {
      name: 'no scheduler is there, which another alert tells',
      given: [
        scheduler.shows(PROCESSES, { app: 'scheduler' }, steady(1, 10), away(30)),
        scheduler.shows(OLDEST, {}, steady(0, 10), away(30)),
      ],
    },
  ],

  CampaignManagerQueueStands: [
    {
      name: 'a queue is paused for twenty minutes, as both schedulers see',
      given: [scheduler, secondScheduler].flatMap((each) => [
        each.shows(JOBS, { queue: 'conversations', state: 'waiting' }, steady(0, 10), steady(7, 20), steady(0, 10)),
        each.shows(JOBS, { queue: 'conversations', state: 'active' }, steady(0, 40)),
        each.shows(JOBS, { queue: 'messages', state: 'waiting' }, steady(0, 40)),
        each.shows(JOBS, { queue: 'messages', state: 'active' }, steady(3, 40)),
      ]),
      fires: {
        from: 20,
        until: 30,
        labels: { queue: 'conversations' },
        summary: 'Nobody takes the jobs of queue conversations',
        description: '7 jobs wait in the queue conversations, and no worker has taken any for 10 minutes.',
      },
    },
    {
      name: 'more than a million jobs wait',
      given: [
        scheduler.shows(JOBS, { queue: 'messages', state: 'waiting' }, steady(1_234_567, 20), steady(0, 10)),
        scheduler.shows(JOBS, { queue: 'messages', state: 'active' }, steady(0, 30)),
      ],
      fires: {
        from: 10,
        until: 20,
        labels: { queue: 'messages' },
        summary: 'Nobody takes the jobs of queue messages',
        description: '1234567 jobs wait in the queue messages, and no worker has taken any for 10 minutes.',
      },
    },
    {
      name: 'many jobs wait, and workers are at them',
      given: [
        scheduler.shows(JOBS, { queue: 'conversations', state: 'waiting' }, steady(500, 60)),
        scheduler.shows(JOBS, { queue: 'conversations', state: 'active' }, steady(8, 60)),
      ],
    },
    {
      name: 'a restart of the workers leaves jobs for nine minutes',
      given: [
        scheduler.shows(JOBS, { queue: 'conversations', state: 'waiting' }, steady(0, 10), steady(7, 9), steady(0, 20)),
        scheduler.shows(JOBS, { queue: 'conversations', state: 'active' }, steady(0, 39)),
      ],
    },
    {
      name: 'there are no jobs',
      given: [
        scheduler.shows(JOBS, { queue: 'conversations', state: 'waiting' }, steady(0, 60)),
        scheduler.shows(JOBS, { queue: 'conversations', state: 'active' }, steady(0, 60)),
      ],
    },
  ],

  CampaignManagerJobsFailed: [
    {
      name: 'three jobs fail for good',
      given: [worker.shows(FAILED, { queue: 'messages' }, standing(10), steady(3, 40))],
      fires: {
        from: 11,
        until: 25,
        labels: { queue: 'messages' },
        summary: 'Jobs of queue messages fail for good',
        description:
          'Jobs of the queue messages used up their attempts in the last quarter of an hour. What they were to do is found again by the sweep.',
      },
    },
    {
      name: 'a worker whose jobs failed yesterday is restarted',
      given: [worker.shows(FAILED, { queue: 'messages' }, steady(3, 30), away(1), anew, standing(30))],
    },
    {
      name: 'no job fails',
      given: [worker.shows(FAILED, { queue: 'messages' }, standing(60))],
    },
  ],

  CampaignManagerEventLoopLag: [
    {
      name: 'a worker has too little CPU for twenty minutes',
      given: [
        worker.shows(PROCESSES, { app: 'worker' }, steady(1, 40)),
        worker.shows(EVENT_LOOP, {}, steady(0.01, 10), steady(0.4, 20), steady(0.01, 10)),
      ],
      fires: {
        from: 20,
        until: 30,
        labels: { instance: 'worker:9090', job: 'campaign-manager' },
        summary: 'The process at worker:9090 is too busy',
        description:
          'What is ready to run waits 400ms or more for its turn in the process at worker:9090: it has too little CPU, or too much to do at once.',
      },
    },
    {
      name: 'a worker is too busy for nine minutes',
      given: [
        worker.shows(PROCESSES, { app: 'worker' }, steady(1, 40)),
        worker.shows(EVENT_LOOP, {}, steady(0.01, 10), steady(0.4, 9), steady(0.01, 21)),
      ],
    },
    {
      name: "somebody else's application is too busy",
      given: [
        worker.shows(PROCESSES, { app: 'worker' }, steady(1, 60)),
        worker.shows(EVENT_LOOP, {}, steady(0.01, 60)),
        instance('a-shop').shows(EVENT_LOOP, {}, steady(3, 60)),
      ],
    },
  ],
};
