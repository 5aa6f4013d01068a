import { createLogChannel } from '@campaign-manager/channels';
import type { CampaignDocument, MessageDocument, RecipientDocument } from '@campaign-manager/core/models';
import type { Delivery } from './delivery.js';
import { destination, policyOf, toClaim, unsentRow } from './rows.js';

const channel = createLogChannel({ write: () => undefined });
const delivery: Delivery = {
  effect: { kind: 'message', key: 'c/r/s/1/0/0', stage: 's', visit: 1, index: 0, ordinal: 0, decided_at: 5 },
  content: { subject: 'S', body: 'B' },
  conversationId: 'c/r',
  recipientId: 'r',
  recipient: { _id: 'r', email: 'r@example.test' },
  campaign: { _id: 'c', delivery_policy: null } as CampaignDocument,
  existing: null,
};

describe('destination', () => {
  it.each<{ name: string; recipient: RecipientDocument | null; expected: object }>([
    {
      name: 'an address',
      recipient: { _id: 'r', email: 'r@example.test' },
      expected: { kind: 'address', to: 'r@example.test' },
    },
    { name: 'nobody', recipient: null, expected: { kind: 'nowhere', status: 'failed', reason: 'unknown_recipient' } },
    {
      name: 'consent withdrawn',
      recipient: { _id: 'r', email: 'r@example.test', consent: { log: false } },
      expected: { kind: 'nowhere', status: 'suppressed', reason: 'no_consent' },
    },
    {
      name: 'consent withdrawn for another channel',
      recipient: { _id: 'r', email: 'r@example.test', consent: { email: false } },
      expected: { kind: 'address', to: 'r@example.test' },
    },
  ])('$name', ({ recipient, expected }) => {
    expect(destination(channel, { ...delivery, recipient })).toEqual(expected);
  });
});

describe('toClaim', () => {
  const claim = { fence: 'f', now: 100, leaseUntil: 200 };

  it('is a new row at the first attempt', () => {
    const { row, seenAttempt } = toClaim(channel, delivery, 'x', claim);
    expect(seenAttempt).toBeNull();
    expect(row).toMatchObject({
      _id: 'c/r/s/1/0/0',
      status: 'sending',
      attempt: 1,
      fence: 'f',
      due_at: 200,
      body: 'B',
    });
  });

  it('takes the existing row with what it said before', () => {
    const existing = { ...toClaim(channel, delivery, 'x', claim).row, status: 'retry', attempt: 2, body: 'Before' };
    const again = toClaim(channel, { ...delivery, existing: existing as MessageDocument }, 'x', claim);
    expect(again.seenAttempt).toBe(2);
    expect(again.row).toMatchObject({ status: 'sending', attempt: 3, body: 'Before' });
  });
});

describe('unsentRow', () => {
  it('is settled at once, or waits for its next attempt', () => {
    const settled = unsentRow(channel, delivery, '', { status: 'failed', reason: 'no_address', now: 7 });
    expect(settled).toMatchObject({ status: 'failed', settled_at: 7, attempt: 0 });
    expect(settled.due_at).toBeUndefined();
    const waiting = unsentRow(channel, delivery, 'x', { status: 'retry', reason: 'away', now: 7, dueAt: 9 });
    expect(waiting).toMatchObject({ status: 'retry', due_at: 9 });
    expect(waiting.settled_at).toBeUndefined();
  });
});

describe('policyOf', () => {
  it.each([
    { own: null, expected: channel.defaultPolicy },
    { own: 'at_most_once', expected: 'at_most_once' },
  ] as const)("the campaign's $own, else the channel's", ({ own, expected }) => {
    expect(policyOf(channel, { campaign: { ...delivery.campaign, delivery_policy: own } })).toBe(expected);
  });
});
