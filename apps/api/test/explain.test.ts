import type { VisitProgress } from '@campaign-manager/core/engine';
import { addEvent } from '@campaign-manager/core/store';
import { addRow, change, runningCampaign } from './support/conversations.js';
import { createTestApi, KEY, NOW, type TestApi } from './support/test-api.js';

const HOUR = 3_600_000;

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi('api_explain');
  await runningCampaign(api, 'camp');
});
afterAll(() => api.stop());
afterEach(() => setTime(NOW));

const setTime = (time: number) => api.clock.advance(time - api.clock.now());
const at = (id: string) => `/v1/conversations/${encodeURIComponent(id)}/explain`;

const told = (events: unknown) =>
  (events as { at: number; sentence: string }[]).map((event) => [(event.at - NOW) / HOUR, event.sentence]);

describe('GET /v1/conversations/:id/explain', () => {
  it('tells the past, what is awaited, the future, and what each response would do', async () => {
    const { status, body } = await api.get(at('camp/user_1'));

    expect(status).toBe(200);
    expect(body).toMatchObject({
      conversation_id: 'camp/user_1',
      campaign_status: 'running',
      at: NOW,
      status: 'active',
      stage: 'welcome',
      summary: 'The conversation is active in the stage "Welcome".',
    });
    expect(told(body['history'])).toEqual([[0, 'The conversation enters the stage "Welcome".']]);
    expect(told(body['next'])).toEqual([
      [0, 'It sends message 1 of the stage "Welcome".'],
      [48, 'It sends follow-up 1 of message 1 of the stage "Welcome".'],
      [96, 'It sends follow-up 2 of message 1 of the stage "Welcome".'],
      [168, "The conversation ends as failed, because the stage's maximum duration has passed."],
    ]);
    expect(body['awaiting']).toContainEqual({
      what: 'reply',
      sentence: 'The stage "Welcome" waits for a reply (0 of 1 so far).',
      until: NOW + 168 * HOUR,
    });
    expect((body['responses'] as { label: string }[]).map(({ label }) => label)).toEqual([
      'A reply with the intent "sign_contract"',
      'Any other reply',
      'An opt-out',
    ]);
  });

  it('knows the ledger and what waits in the inbox', async () => {
    const key = await addRow(api.store, 'camp/user_2', 0, 'sent');
    const ref = { stage: 'welcome', visit: 1, index: 0, ordinal: 0 };
    const sent = { ...ref, kind: 'message' as const, key, decided_at: NOW };
    const { visit } = (await api.store.conversations.findById('camp/user_2').lean()) ?? {};
    const message = { index: 0, ordinal: 0, follow_ups: 0, decided_at: NOW, settled_at: null, accepted_at: null };
    await change(api.store, 'camp/user_2', {
      outbox: [sent],
      visit: { ...(visit as VisitProgress), messages: [message] },
    });
    await addEvent(api.store, 'camp/user_2', { id: 'r1', type: 'response', at: NOW + HOUR });
    setTime(NOW + 30 * HOUR);
    const { body } = await api.get(at('camp/user_2'));

    expect(told(body['next']).slice(0, 2)).toEqual([
      [1, 'A reply comes; it counts for the stage "Welcome".'],
      [
        30,
        'It leaves the stage "Welcome" for "Offer", because the replies that the stage waits for have come and its minimum duration has passed.',
      ],
    ]);
  });

  it('tells the wall clock: after a pause, and during one as if the campaign went on now', async () => {
    await runningCampaign(api, 'paused');
    await api.store.campaigns.updateOne({ _id: 'paused' }, { $set: { paused_ms: 5 * HOUR } });
    setTime(NOW + 6 * HOUR);
    const after = (await api.get(at('paused/user_1'))).body;

    await api.store.campaigns.updateOne({ _id: 'paused' }, { $set: { status: 'paused', paused_at: NOW + 6 * HOUR } });
    setTime(NOW + 16 * HOUR);
    const during = (await api.get(at('paused/user_1'))).body;

    expect([after['at'], during['at']]).toEqual([NOW + 6 * HOUR, NOW + 16 * HOUR]);
    expect(told(after['next']).map(([hour]) => hour)).toEqual([6, 54, 102, 174]);
    expect(told(during['next']).map(([hour]) => hour)).toEqual([16, 64, 112, 184]);
    expect(during['campaign_status']).toBe('paused');
  });

  it('gives sentences to those who accept text', async () => {
    const answer = await api.app.inject({
      url: at('camp/user_1'),
      headers: { authorization: `Bearer ${KEY}`, accept: 'text/plain' },
    });

    expect(answer.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', vary: 'accept' });
    expect(answer.body).toMatch(/^Conversation camp\/user_1, 2026-03-01 12:00:00 UTC\n/);
    expect(answer.body).toContain(
      '\n  2026-03-03 12:00:00 UTC  It sends follow-up 1 of message 1 of the stage "Welcome".\n',
    );
  });

  it('says first that the campaign does not run', async () => {
    const answer = await api.app.inject({
      url: at('paused/user_1'),
      headers: { authorization: `Bearer ${KEY}`, accept: 'text/plain' },
    });

    expect(answer.body).toMatch(
      /^The campaign is paused\. What comes next is told as if it went on now\.\nConversation/,
    );
  });

  it('says which there is not', async () => {
    expect((await api.get(at('camp/ghost'))).body).toMatchObject({ status: 404, code: 'not_found' });
  });
});
