import { api, scheduler, secondScheduler, secondWorker, worker } from './series.js';
import type { Stories } from './story.js';
import { anew, away, rising, standing, steady } from './timeline.js';

const PROCESSES = 'communication_processes';
const EXPECTED = 'communication_processes_expected';
const READY = 'communication_ready';
const POLLS = 'communication_polls_total';

/** "Nobody is there" in docs/operations.md. */
export const presence: Stories = {
  CampaignManagerSchedulerAbsent: [
    {
      name: 'the only scheduler ends, and another one comes after ten minutes',
      given: [scheduler.shows(PROCESSES, { app: 'scheduler' }, steady(1, 10), away(10), steady(1, 10))],
      fires: {
        from: 15,
        until: 20,
        labels: { app: 'scheduler' },
        summary: 'No scheduler is running',
        description:
          'Nobody has seen a scheduler for 5 minutes: nothing that falls due is handed out. Conversations wait in MongoDB and lose nothing.',
      },
    },
    {
      name: 'a restart takes four minutes',
      given: [scheduler.shows(PROCESSES, { app: 'scheduler' }, steady(1, 10), away(4), steady(1, 20))],
    },
    {
      name: 'one of two schedulers ends for good',
      given: [
        scheduler.shows(PROCESSES, { app: 'scheduler' }, steady(1, 30)),
        secondScheduler.shows(PROCESSES, { app: 'scheduler' }, steady(1, 10), away(20)),
      ],
    },
  ],

  CampaignManagerWorkerAbsent: [
    {
      name: 'the workers are scaled to none, and back after ten minutes',
      given: [
        worker.shows(PROCESSES, { app: 'worker' }, steady(1, 10), away(10), steady(1, 10)),
        scheduler.shows(PROCESSES, { app: 'scheduler' }, steady(1, 30)),
      ],
      fires: {
        from: 15,
        until: 20,
        summary: 'No worker is running',
        description:
          'Nobody has seen a worker for 5 minutes: nothing is decided and nothing is sent. Jobs and due conversations wait and lose nothing.',
      },
    },
    {
      name: 'of a worker app nothing but the primary answers',
      given: [worker.shows(PROCESSES, { app: 'worker' }, steady(4, 10), steady(0, 10), steady(4, 10))],
      fires: {
        from: 15,
        until: 20,
        summary: 'No worker is running',
        description:
          'Nobody has seen a worker for 5 minutes: nothing is decided and nothing is sent. Jobs and due conversations wait and lose nothing.',
      },
    },
    {
      name: 'a rolling restart leaves nobody for four minutes',
      given: [
        worker.shows(PROCESSES, { app: 'worker' }, steady(1, 10), away(20)),
        secondWorker.shows(PROCESSES, { app: 'worker' }, away(14), steady(1, 16)),
      ],
    },
    {
      name: 'one of two workers ends for good',
      given: [
        worker.shows(PROCESSES, { app: 'worker' }, steady(1, 30)),
        secondWorker.shows(PROCESSES, { app: 'worker' }, steady(1, 10), away(20)),
      ],
    },
  ],

  CampaignManagerApiAbsent: [
    {
      name: 'the only api ends, and another one comes after ten minutes',
      given: [api.shows(PROCESSES, { app: 'api' }, steady(1, 10), away(10), steady(1, 10))],
      fires: {
        from: 15,
        until: 20,
        labels: { app: 'api' },
        summary: 'No api is running',
        description: 'Nobody has seen an api for 5 minutes: replies, unsubscriptions and commands do not come in.',
      },
    },
    {
      name: 'a restart takes four minutes',
      given: [api.shows(PROCESSES, { app: 'api' }, steady(1, 10), away(4), steady(1, 20))],
    },
  ],

  CampaignManagerProcessMissing: [
    {
      name: 'one of four processes hangs, and is killed after a quarter of an hour',
      given: [
        worker.shows(EXPECTED, { app: 'worker' }, steady(4, 40)),
        worker.shows(PROCESSES, { app: 'worker' }, steady(4, 10), steady(3, 15), steady(4, 15)),
        secondWorker.shows(EXPECTED, { app: 'worker' }, steady(4, 40)),
        secondWorker.shows(PROCESSES, { app: 'worker' }, steady(4, 40)),
      ],
      fires: {
        from: 15,
        until: 25,
        labels: { app: 'worker', instance: 'worker:9090', job: 'campaign-manager' },
        summary: '1 processes of worker at worker:9090 do not answer',
        description:
          '1 of the WORKER_THREADS processes of worker at worker:9090 have not answered for 5 minutes: they hang, or die again and again.',
      },
    },
    {
      name: 'all four hang',
      given: [
        worker.shows(EXPECTED, { app: 'worker' }, steady(4, 40)),
        worker.shows(PROCESSES, { app: 'worker' }, steady(4, 10), steady(0, 15), steady(4, 15)),
      ],
      fires: {
        from: 15,
        until: 25,
        labels: { app: 'worker', instance: 'worker:9090', job: 'campaign-manager' },
        summary: '4 processes of worker at worker:9090 do not answer',
        description:
          '4 of the WORKER_THREADS processes of worker at worker:9090 have not answered for 5 minutes: they hang, or die again and again.',
      },
    },
    {
      name: 'one dies and is replaced within four minutes',
      given: [
        worker.shows(EXPECTED, { app: 'worker' }, steady(4, 30)),
        worker.shows(PROCESSES, { app: 'worker' }, steady(4, 10), steady(3, 4), steady(4, 16)),
      ],
    },
    {
      name: 'a pod goes while one of its processes hangs',
      given: [
        worker.shows(EXPECTED, { app: 'worker' }, steady(4, 13), away(17)),
        worker.shows(PROCESSES, { app: 'worker' }, steady(4, 10), steady(3, 3), away(17)),
      ],
    },
  ],

  CampaignManagerProcessUnready: [
    {
      name: 'a worker does not reach Redis for ten minutes',
      given: [
        worker.shows(READY, { app: 'worker', check: 'redis' }, steady(1, 10), steady(0, 10), steady(1, 10)),
        worker.shows(READY, { app: 'worker', check: 'mongodb' }, steady(1, 30)),
        secondWorker.shows(READY, { app: 'worker', check: 'redis' }, steady(1, 30)),
      ],
      fires: {
        from: 15,
        until: 20,
        labels: { app: 'worker', check: 'redis', instance: 'worker:9090', job: 'campaign-manager' },
        summary: 'worker at worker:9090 is not ready: redis',
        description:
          'The check redis of worker at worker:9090 has not been passed for 5 minutes. /health/ready there says why.',
      },
    },
    {
      name: 'a worker waits four minutes for the migration',
      given: [
        worker.shows(READY, { app: 'worker', check: 'start' }, steady(0, 4), away(26)),
        worker.shows(READY, { app: 'worker', check: 'schema' }, away(4), steady(1, 26)),
      ],
    },
    {
      name: 'a process that is not ready ends',
      given: [worker.shows(READY, { app: 'worker', check: 'clock' }, steady(1, 10), steady(0, 4), away(16))],
    },
  ],

  CampaignManagerNotPolling: [
    {
      name: 'every poll fails for forty minutes',
      given: [
        scheduler.shows(POLLS, { outcome: 'done' }, rising(1, 30), standing(40), rising(1, 20)),
        scheduler.shows(POLLS, { outcome: 'failed' }, standing(30), rising(1, 40), standing(20)),
      ],
      fires: {
        from: 50,
        until: 70,
        summary: 'No scheduler looks at what is due',
        description:
          'Schedulers run, but no poll has ended well for 15 minutes: MongoDB or Redis fails them, or their clocks are off.',
      },
    },
    {
      name: 'a scheduler starts with its clock off, and has never polled',
      given: [
        scheduler.shows(POLLS, { outcome: 'done' }, standing(40), rising(1, 20)),
        scheduler.shows(POLLS, { outcome: 'clock_off' }, rising(1, 40), standing(20)),
      ],
      fires: {
        from: 6,
        until: 40,
        summary: 'No scheduler looks at what is due',
        description:
          'Schedulers run, but no poll has ended well for 15 minutes: MongoDB or Redis fails them, or their clocks are off.',
      },
    },
    {
      name: 'one of two schedulers has its clock off',
      given: [
        scheduler.shows(POLLS, { outcome: 'done' }, rising(1, 10), standing(50)),
        secondScheduler.shows(POLLS, { outcome: 'done' }, rising(1, 60)),
      ],
    },
    {
      name: 'the scheduler is restarted, and its counter with it',
      given: [scheduler.shows(POLLS, { outcome: 'done' }, rising(1, 30), away(2), anew, rising(1, 40))],
    },
    {
      name: 'a scheduler starts, and polls every five minutes',
      given: [scheduler.shows(POLLS, { outcome: 'done' }, ...[1, 2, 3, 4, 5, 6].map((polls) => steady(polls, 5)))],
    },
    {
      name: 'no scheduler is there, which another alert tells',
      given: [scheduler.shows(POLLS, { outcome: 'done' }, rising(1, 10), away(60))],
    },
  ],
};
