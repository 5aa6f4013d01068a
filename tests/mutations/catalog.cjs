/**
 * The protections that the promises rest on, and how to take each away: `pnpm mutations` removes one after the other and
 * sees that the tests named here turn red. How to add one stands in CONTRIBUTING.md.
 *
 * @typedef {object} Mutation
 * @property {string} name What is removed, as `--only` and CAMPAIGN_TEST_MUTATION take it.
 * @property {string} removes One sentence: which protection is gone.
 * @property {string} file Path from the root of the repository.
 * @property {string} find Source text that occurs exactly once in the file; kept short, so that it seldom drifts.
 * @property {string} replace What stands there instead.
 * @property {readonly { readonly file: string, readonly name: string }[]} killedBy Tests that must turn red, by full name.
 */

const twoWorkers = (name) => ({ file: 'apps/worker/test/two-workers.test.ts', name });

/** @type {readonly Mutation[]} */
module.exports = [
  {
    name: 'fence',
    removes: 'Any worker records an outcome, not only the one whose claim the row holds.',
    file: 'packages/core/src/ledger/transition.ts',
    find: '{ status: recordableFrom(outcome), fence }',
    replace: '{ status: recordableFrom(outcome) }',
    killedBy: [
      twoWorkers('a worker whose lease ran out cannot overwrite what its successor recorded'),
      {
        file: 'packages/core/test/record-outcomes.test.ts',
        name: 'an outcome does not touch another fence, and the rest of its group is recorded',
      },
    ],
  },
  {
    name: 'claim',
    removes: 'A worker sends a message although somebody else has claimed its row.',
    file: 'packages/core/src/store/claim-messages.ts',
    find: 'return new Set(ours.map(({ _id }) => _id));',
    replace: 'return new Set(keys);',
    killedBy: [
      twoWorkers('a worker that slept before its claim does not send what its successor has sent'),
      {
        file: 'packages/core/test/claim-messages.test.ts',
        name: 'the insert is the lock of 20 workers that claim the same messages at once, each message has exactly one owner',
      },
    ],
  },
  {
    name: 'version',
    removes: 'A decision is written without a look at the version that it was taken from.',
    file: 'packages/core/src/store/commit-decisions.ts',
    find: 'filter: { _id, version: versions.get(_id) ?? -1 }',
    replace: 'filter: { _id }',
    killedBy: [
      twoWorkers('a reply that arrives while a worker decides is not overwritten by the decision'),
      {
        file: 'packages/core/test/commit-decisions.test.ts',
        name: 'of two deciders on one version exactly one wins, and the loser changes nothing',
      },
    ],
  },
  {
    name: 'reply-at-the-gate',
    removes: 'A message passes the gate although a reply waits that its decision did not know.',
    file: 'packages/core/src/store/gate.ts',
    find: "if (conversation.inbox.length > 0) return 'back';",
    replace: '',
    killedBy: [
      {
        file: 'apps/worker/test/replies.test.ts',
        name: 'a reply voids the follow-up that was decided and has not left',
      },
      {
        file: 'apps/worker/test/gate-races.test.ts',
        name: 'between the decision and the gate the recipient opts out: 0 sent, the row ends cancelled',
      },
    ],
  },
  {
    name: 'open-batches',
    removes: 'A worker commits without having stated its intent.',
    file: 'apps/worker/src/advance/advance.ts',
    find: 'await openBatch(context.store, {',
    replace: 'void ({',
    killedBy: [twoWorkers('what a worker decided and did not live to send is sent by another one, once')],
  },
  {
    name: 'expiry-of-marks',
    removes: 'The mark of a conversation that was handed out stands for ever.',
    file: 'packages/queues/src/hand-out.ts',
    find: "'PX', livesMs, 'NX'",
    replace: "'NX'",
    killedBy: [
      {
        file: 'apps/scheduler/test/poll.test.ts',
        name: 'the horizon a conversation that nobody decided is handed out again when its mark has gone',
      },
      {
        file: 'packages/queues/test/hand-out.test.ts',
        name: 'a conversation that is overdue is marked until one interval after',
      },
    ],
  },
];
