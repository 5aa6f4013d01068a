import {
  addAudienceMembers,
  audiencePage,
  audienceSize,
  closeImport,
  forgetExpiredImports,
  initializePage,
  launchCampaign,
  loadCampaign,
  loadConversation,
  openImport,
  renewImport,
  type Store,
  saveInitializeCursor,
} from '../src/store/index.js';
import { addCampaign } from './support/documents.js';
import { openTestStore, type TestStore } from './support/store.js';

let test: TestStore;
let store: Store;

beforeAll(async () => {
  test = await openTestStore('audience');
  store = test.store;
});

afterAll(() => test.close());

const PINS = { template_version: 1, delay_factor: 1 };
const members = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ recipient_id: `r${String(i).padStart(4, '0')}`, context: { i } }));

describe('an audience', () => {
  it('is read page by page, complete, in the order of its ids, and without its neighbours', async () => {
    await addAudienceMembers(store, 'c', members(250));
    for (const neighbour of ['c-', 'c0', 'b', 'c.x', 'C']) await addAudienceMembers(store, neighbour, members(3));

    const found: string[] = [];
    for (let after = ''; ; ) {
      const page = await audiencePage(store, 'c', after, 100);
      found.push(...page.map(({ recipient_id }) => recipient_id));
      after = page.at(-1)?._id ?? '';
      if (page.length < 100) break;
    }

    expect(found).toEqual(members(250).map(({ recipient_id }) => recipient_id));
    expect(await audienceSize(store, 'c')).toBe(250);
  });

  it('holds every recipient once; the last word on a context counts', async () => {
    await addAudienceMembers(store, 'once', members(2));
    await addAudienceMembers(store, 'once', [{ recipient_id: 'r0001', context: { deal: { size: 5 } } }]);

    expect(await audienceSize(store, 'once')).toBe(2);
    expect(await audiencePage(store, 'once', 'once/r0000', 10)).toEqual([
      { _id: 'once/r0001', campaign_id: 'once', recipient_id: 'r0001', context: { deal: { size: 5 } } },
    ]);
  });

  it('takes the same members from many imports at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => addAudienceMembers(store, 'many', members(50))));
    expect(await audienceSize(store, 'many')).toBe(50);
  });
});

describe('an import', () => {
  it('holds the launch up until it is closed', async () => {
    await addCampaign(store, 'held', { status: 'draft' });
    const id = await openImport(store, 'held', 9000);

    await expect(launchCampaign(store, 'held', PINS, 5000)).rejects.toMatchObject({ name: 'ConflictError' });
    await closeImport(store, 'held', id);
    expect(await launchCampaign(store, 'held', PINS, 5000)).toMatchObject({ status: 'running' });
  });

  it('is renewed by its own lease only, and stops when the campaign was launched over it', async () => {
    await addCampaign(store, 'renewed', { status: 'draft' });
    const mine = await openImport(store, 'renewed', 4000);
    const other = await openImport(store, 'renewed', 4000);
    await renewImport(store, 'renewed', mine, 9000);

    expect((await loadCampaign(store, 'renewed')).open_imports).toEqual([
      { id: mine, until: 9000 },
      { id: other, until: 4000 },
    ]);
    await launchCampaign(store, 'renewed', PINS, 9000);
    await expect(renewImport(store, 'renewed', mine, 20_000)).rejects.toMatchObject({ name: 'ConflictError' });
  });

  it.each(['scheduled', 'running', 'completed'] as const)(
    'cannot be opened into a campaign that is %s',
    async (status) => {
      await addCampaign(store, `no-${status}`, { status });
      await expect(openImport(store, `no-${status}`, 9000)).rejects.toMatchObject({ name: 'ConflictError' });
    },
  );

  it('that is opened while the campaign is launched is either waited for or refused', async () => {
    for (let round = 0; round < 20; round += 1) {
      const id = `race${round}`;
      await addCampaign(store, id, { status: 'draft' });
      const [opened, launched] = await Promise.allSettled([
        openImport(store, id, 9000),
        launchCampaign(store, id, PINS, 5000),
      ]);
      expect([opened.status, launched.status].sort()).toEqual(['fulfilled', 'rejected']);
    }
  });
});

describe('a page of an audience', () => {
  it('becomes conversations once, however often and by however many it is initialised', async () => {
    await addAudienceMembers(store, 'init', members(120));
    const page = await audiencePage(store, 'init', '', 1000);

    const created = await Promise.all(Array.from({ length: 8 }, () => initializePage(store, page, 'hello', 1000)));

    expect(created.reduce((total, count) => total + count, 0)).toBe(120);
    expect(await initializePage(store, page, 'hello', 2000)).toBe(0);
    expect(await loadConversation(store, 'init/r0007')).toMatchObject({
      campaign_id: 'init',
      recipient_id: 'r0007',
      version: 1,
      status: 'active',
      current_stage: 'hello',
      stage_entered_at: 1000,
      next_action_at: 1000,
      context: { i: 7 },
      recent_events: [{ type: 'entered', v: 1, n: 0 }],
    });
  });

  it('leaves a conversation alone that has gone on already', async () => {
    await addAudienceMembers(store, 'on', members(2));
    const page = await audiencePage(store, 'on', '', 10);
    await initializePage(store, page.slice(0, 1), 'hello', 1000);
    await store.conversations.collection.updateOne({ _id: 'on/r0000' } as never, { $set: { version: 9 } });

    expect(await initializePage(store, page, 'hello', 5000)).toBe(1);
    expect(await loadConversation(store, 'on/r0000')).toMatchObject({ version: 9, next_action_at: 1000 });
  });

  it('an error other than a conversation that exists is an error', async () => {
    const gone = await test.connect();
    await gone.close();
    await expect(initializePage(gone, await audiencePage(store, 'init', '', 1), 'hello', 1)).rejects.toThrow();
  });
});

describe('the cursor of the initialisation', () => {
  const page = (from: string, to: string, done = false) => ({ from, to, done, now: 7000 });

  it('goes forward only, each page once, and what is done stays done', async () => {
    await addCampaign(store, 'cursor', { conversation_states_initialized: false });
    const saved = await Promise.all(
      Array.from({ length: 5 }, () => saveInitializeCursor(store, 'cursor', page('', 'cursor/r0500'))),
    );
    expect(saved.filter((mine) => mine)).toHaveLength(1);
    expect(await saveInitializeCursor(store, 'cursor', page('', 'cursor/r0100'))).toBe(false);
    expect(await loadCampaign(store, 'cursor')).toMatchObject({
      initialize_cursor: 'cursor/r0500',
      initialized_at: 7000,
      revision: 1,
    });

    expect(await saveInitializeCursor(store, 'cursor', page('cursor/r0500', 'cursor/r0700', true))).toBe(true);
    expect(await saveInitializeCursor(store, 'cursor', page('cursor/r0700', 'cursor/r0700', true))).toBe(false);
    expect(await saveInitializeCursor(store, 'cursor', page('cursor/r0100', 'cursor/r0500'))).toBe(false);
    expect(await loadCampaign(store, 'cursor')).toMatchObject({
      initialize_cursor: 'cursor/r0700',
      conversation_states_initialized: true,
    });
  });

  it('is done at once where the audience is empty', async () => {
    await addCampaign(store, 'empty', { conversation_states_initialized: false });
    expect(await saveInitializeCursor(store, 'empty', page('', '', true))).toBe(true);
    expect(await saveInitializeCursor(store, 'empty', page('', '', true))).toBe(false);
    expect(await loadCampaign(store, 'empty')).toMatchObject({ conversation_states_initialized: true });
  });

  it('compares ids as the database sorts them: capitals before small letters, digits before both', async () => {
    const ids = ['a', 'B', '1', '-', '_', '.', ':', '@', '+', 'Z', 'z', '0'];
    await addAudienceMembers(
      store,
      'sort',
      ids.map((recipient_id) => ({ recipient_id, context: {} })),
    );
    await addCampaign(store, 'sort', { conversation_states_initialized: false });

    const found: string[] = [];
    for (let after = ''; found.length < ids.length; ) {
      const [member] = await audiencePage(store, 'sort', after, 1);
      const from = after;
      after = member?._id ?? '';
      found.push(member?.recipient_id ?? '');
      await saveInitializeCursor(store, 'sort', page(from, after));
      expect((await loadCampaign(store, 'sort')).initialize_cursor).toBe(after);
    }
    expect(found).toEqual([...ids].sort());
  });
});

describe('leases of imports whose process died', () => {
  const leases = [
    { id: 'dead', until: 1000 },
    { id: 'slow', until: 5000 },
  ];

  it('are forgotten once, however many look, and nobody else’s', async () => {
    await addCampaign(store, 'left', { status: 'draft', open_imports: leases });
    await addCampaign(store, 'busy', { status: 'draft', open_imports: [{ id: 'slow', until: 5000 }] });

    const found = await Promise.all(Array.from({ length: 5 }, () => forgetExpiredImports(store, 2000, 10)));

    expect(found.flat()).toEqual(['left']);
    expect(await forgetExpiredImports(store, 2000, 10)).toEqual([]);
    expect((await loadCampaign(store, 'left')).open_imports).toEqual([{ id: 'slow', until: 5000 }]);
    expect((await loadCampaign(store, 'busy')).open_imports).toEqual([{ id: 'slow', until: 5000 }]);
  });
});
