import { scheduler, secondScheduler, secondWorker, worker } from './series.js';
import type { Stories } from './story.js';
import { anew, away, rising, standing, steady } from './timeline.js';

const UNKNOWN = 'communication_messages_unknown';
const QUARANTINED = 'communication_messages_quarantined_total';
const PAUSED = 'communication_channel_paused';
const STATE = 'communication_channel_state';
const POSTPONED = 'communication_messages_postponed_total';
const MESSAGES = 'communication_messages_total';
const WINDOW = 'communication_ambiguous_window_seconds';
const LATE = 'communication_gate_to_wire_late_total';
const REPAIRS = 'communication_repairs_total';

const email = { channel: 'email' };
const unavailable = { ...email, reason: 'channel_unavailable' };
const UNREACHABLE = {
  labels: email,
  summary: 'Channel email cannot be reached',
  description:
    '2 worker processes do not reach the provider of the channel email, and messages have been put off for it in the last quarter of an hour. They wait untried.',
};

/** "Messages" in docs/operations.md. */
export const messages: Stories = {
  CampaignManagerMessagesUnknown: [
    {
      name: 'a worker dies with three messages on the wire, as both schedulers see, and an operator decides about them',
      given: [scheduler, secondScheduler].map((each) =>
        each.shows(UNKNOWN, {}, steady(0, 10), steady(3, 20), steady(0, 10)),
      ),
      fires: {
        from: 15,
        until: 30,
        summary: '3 messages are unknown',
        description:
          'Of 3 messages nobody knows whether they were accepted. They are not sent again by themselves: an operator decides about each.',
      },
    },
    {
      name: 'a restore leaves more than a million',
      given: [scheduler.shows(UNKNOWN, {}, steady(1_234_567, 20), steady(0, 10))],
      fires: {
        from: 5,
        until: 20,
        summary: '1234567 messages are unknown',
        description:
          'Of 1234567 messages nobody knows whether they were accepted. They are not sent again by themselves: an operator decides about each.',
      },
    },
    {
      name: 'it is known within four minutes',
      given: [scheduler.shows(UNKNOWN, {}, steady(0, 10), steady(3, 4), steady(0, 20))],
    },
    { name: 'every message is known', given: [scheduler.shows(UNKNOWN, {}, steady(0, 60))] },
  ],

  CampaignManagerMessageQuarantined: [
    {
      name: 'a message is put aside',
      given: [
        worker.shows(QUARANTINED, email, standing(90)),
        scheduler.shows(QUARANTINED, email, standing(10), steady(1, 80)),
      ],
      fires: {
        from: 11,
        until: 70,
        labels: email,
        summary: 'A message took too many workers with it',
        description: 'A message of the channel email was put aside, because workers died of it again and again.',
      },
    },
    {
      name: 'a scheduler that put one aside yesterday is restarted',
      given: [scheduler.shows(QUARANTINED, email, steady(1, 30), away(1), anew, standing(60))],
    },
  ],

  CampaignManagerChannelPaused: [
    {
      name: 'a channel is paused for ten minutes, as both schedulers see',
      given: [scheduler, secondScheduler].flatMap((each) => [
        each.shows(PAUSED, email, steady(0, 10), steady(1, 10), steady(0, 10)),
        each.shows(PAUSED, { channel: 'webhook' }, steady(0, 30)),
      ]),
      fires: {
        from: 12,
        until: 20,
        labels: email,
        summary: 'Channel email is paused',
        description:
          'Nothing is sent through the channel email: too much failed, or an operator paused it. Its messages wait.',
      },
    },
    {
      name: 'a channel is paused by mistake for a minute',
      given: [scheduler.shows(PAUSED, email, steady(0, 10), steady(1, 1), steady(0, 20))],
    },
  ],

  CampaignManagerChannelUnreachable: [
    {
      name: 'two workers do not reach the provider for half an hour, tries between them included',
      given: [
        ...[worker, secondWorker].flatMap((each) => [
          each.shows(STATE, { ...email, state: 'closed' }, steady(1, 10), steady(0, 30), steady(1, 20)),
          each.shows(
            STATE,
            { ...email, state: 'open' },
            steady(0, 10),
            steady(1, 12),
            steady(0, 6),
            steady(1, 12),
            steady(0, 20),
          ),
          each.shows(STATE, { ...email, state: 'half_open' }, steady(0, 22), steady(1, 6), steady(0, 32)),
        ]),
        worker.shows(POSTPONED, unavailable, standing(10), rising(4, 30), standing(20)),
        secondWorker.shows(POSTPONED, unavailable, standing(60)),
      ],
      fires: { from: 20, until: 40, ...UNREACHABLE },
    },
    {
      name: 'there is nothing more to send to a provider that cannot be reached',
      given: [
        ...[worker, secondWorker].map((each) =>
          each.shows(STATE, { ...email, state: 'open' }, steady(0, 10), steady(1, 60)),
        ),
        worker.shows(POSTPONED, unavailable, standing(10), rising(4, 15), standing(45)),
      ],
      fires: { from: 20, until: 40, ...UNREACHABLE },
    },
    {
      name: 'nobody has anything to send to a provider that cannot be reached',
      given: [
        worker.shows(STATE, { ...email, state: 'open' }, steady(1, 60)),
        worker.shows(POSTPONED, unavailable, standing(60)),
      ],
    },
    {
      name: 'messages wait for tokens, and for another channel',
      given: [
        worker.shows(STATE, { ...email, state: 'open' }, steady(1, 60)),
        worker.shows(POSTPONED, { ...email, reason: 'rate_limited' }, rising(60, 60)),
        worker.shows(POSTPONED, { ...unavailable, channel: 'webhook' }, rising(60, 60)),
      ],
    },
    {
      name: 'the provider is restarted within five minutes',
      given: [
        worker.shows(STATE, { ...email, state: 'open' }, steady(0, 10), steady(1, 5), steady(0, 45)),
        worker.shows(POSTPONED, unavailable, standing(10), rising(20, 5), standing(45)),
      ],
    },
  ],

  CampaignManagerSendErrorsHigh: [
    {
      name: 'a fifth is rejected for an hour',
      given: [
        worker.shows(MESSAGES, { ...email, outcome: 'sent' }, rising(100, 30), rising(80, 60), rising(100, 30)),
        worker.shows(MESSAGES, { ...email, outcome: 'failed' }, standing(30), rising(20, 60), standing(30)),
        worker.shows(MESSAGES, { channel: 'webhook', outcome: 'sent' }, rising(1000, 120)),
      ],
      fires: {
        from: 53,
        until: 98,
        labels: email,
        summary: 'Much of what is sent through email fails',
        description:
          '20% of the sendings through the channel email were rejected, or nobody knows what became of them.',
      },
    },
    {
      name: 'of the only sendings some fail and some are unknown, and others are put off by the provider',
      given: [
        worker.shows(MESSAGES, { ...email, outcome: 'failed' }, rising(4, 40), standing(30)),
        secondWorker.shows(MESSAGES, { ...email, outcome: 'unknown' }, rising(4, 40), standing(30)),
        worker.shows(MESSAGES, { ...email, outcome: 'retry' }, rising(16, 70)),
      ],
      fires: {
        from: 16,
        until: 52,
        labels: email,
        summary: 'Much of what is sent through email fails',
        description:
          '33.33% of the sendings through the channel email were rejected, or nobody knows what became of them.',
      },
    },
    {
      name: 'one in twenty is rejected',
      given: [
        worker.shows(MESSAGES, { ...email, outcome: 'sent' }, rising(95, 120)),
        worker.shows(MESSAGES, { ...email, outcome: 'failed' }, rising(5, 120)),
      ],
    },
    {
      name: 'the only message of the night is rejected',
      given: [
        worker.shows(MESSAGES, { ...email, outcome: 'sent' }, steady(900, 90)),
        worker.shows(MESSAGES, { ...email, outcome: 'failed' }, steady(3, 30), steady(4, 60)),
      ],
    },
    {
      name: 'nothing is sent any more',
      given: [
        worker.shows(MESSAGES, { ...email, outcome: 'sent' }, steady(9, 60)),
        worker.shows(MESSAGES, { ...email, outcome: 'failed' }, steady(9, 60)),
      ],
    },
    {
      name: 'a worker is restarted, and its counters with it',
      given: [
        worker.shows(MESSAGES, { ...email, outcome: 'sent' }, rising(100, 30), away(1), anew, rising(100, 60)),
        worker.shows(MESSAGES, { ...email, outcome: 'failed' }, steady(500, 30), away(1), anew, standing(60)),
      ],
    },
  ],

  CampaignManagerAmbiguousWindowLong: [
    {
      name: 'every second acceptance is recorded late for 25 minutes',
      given: [
        worker.measures(WINDOW, email, {
          1: [rising(60, 20), rising(30, 25), rising(60, 20)],
          5: [rising(60, 65)],
          '+Inf': [rising(60, 65)],
        }),
        worker.measures(
          WINDOW,
          { channel: 'webhook' },
          { 1: [rising(60, 65)], 5: [rising(60, 65)], '+Inf': [rising(60, 65)] },
        ),
      ],
      fires: {
        from: 35,
        until: 50,
        labels: email,
        summary: 'Acceptances through email are recorded late',
        description:
          'One in a hundred acceptances through the channel email is recorded 4.92s later or more. A worker that dies in between leaves a message unknown.',
      },
    },
    {
      name: 'MongoDB chooses a new primary, and acceptances are recorded late for nine minutes',
      given: [
        worker.measures(WINDOW, email, {
          1: [rising(60, 20), rising(30, 9), rising(60, 31)],
          5: [rising(60, 60)],
          '+Inf': [rising(60, 60)],
        }),
      ],
    },
    {
      name: 'nothing is sent any more',
      given: [worker.measures(WINDOW, email, { 1: [steady(1, 60)], 5: [steady(9, 60)], '+Inf': [steady(9, 60)] })],
    },
  ],

  CampaignManagerGateToWireSlow: [
    {
      name: 'a worker stands still between the last look and the wire',
      given: [
        worker.shows(LATE, email, standing(10), steady(2, 40)),
        worker.shows(LATE, { channel: 'webhook' }, standing(50)),
      ],
      fires: {
        from: 11,
        until: 25,
        labels: email,
        summary: 'Messages through email left more than 1 s after the last look',
        description:
          'Messages left through the channel email more than 1 s after it was looked whether they are still wanted. A reply or a pause in between came too late for them.',
      },
    },
    {
      name: 'a worker that was slow yesterday is restarted',
      given: [worker.shows(LATE, email, steady(2, 30), away(1), anew, standing(30))],
    },
  ],

  CampaignManagerRepairsContinuous: [
    {
      name: 'leases expire for an hour and a half',
      given: [
        worker.shows(REPAIRS, { kind: 'expired_lease' }, standing(10), rising(1, 90), standing(60)),
        scheduler.shows(REPAIRS, { kind: 'open_batch' }, standing(160)),
      ],
      fires: {
        from: 70,
        until: 115,
        labels: { kind: 'expired_lease' },
        summary: 'Repairs of expired_lease do not end',
        description:
          'For an hour there has been something of the kind expired_lease to repair in every quarter. After a crash that ends by itself; here something goes on to break.',
      },
    },
    {
      name: 'what a crash left is repaired within half an hour',
      given: [worker.shows(REPAIRS, { kind: 'expired_lease' }, standing(10), rising(100, 30), standing(80))],
    },
    {
      name: 'a worker that repaired something is restarted',
      given: [worker.shows(REPAIRS, { kind: 'expired_lease' }, steady(9, 30), away(1), anew, standing(90))],
    },
  ],
};
