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
const gateRace = (name) => ({
  file: 'apps/worker/test/gate-races.test.ts',
  name: `between the decision and the gate ${name}`,
});

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
    file: 'packages/core/src/store/alike-changes.ts',
    find: '{ $in: ids }, version: first.seenVersion }',
    replace: '{ $in: ids } } as Filter',
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
  {
    name: 'suppression-at-the-gate',
    removes: 'A message passes the gate although its address is suppressed.',
    file: 'packages/core/src/store/gate.ts',
    find: "suppressed || refused ? 'suppressed' : 'pass'",
    replace: "refused ? 'suppressed' : 'pass'",
    killedBy: [gateRace('the address is suppressed: 0 sent, the row ends suppressed')],
  },
  {
    name: 'consent-at-the-gate',
    removes: 'A message passes the gate although consent was withdrawn.',
    file: 'packages/core/src/store/gate.ts',
    find: "suppressed || refused ? 'suppressed' : 'pass'",
    replace: "suppressed ? 'suppressed' : 'pass'",
    killedBy: [
      gateRace('consent is withdrawn: 0 sent, the row ends suppressed'),
      gateRace('consent that is withdrawn before a later attempt holds the message back as well'),
    ],
  },
  {
    name: 'revision-at-the-gate',
    removes: 'A message passes the gate although its campaign was changed since it was decided.',
    file: 'packages/core/src/store/gate.ts',
    find: ' || campaign.revision !== revision',
    replace: '',
    killedBy: [
      gateRace('the campaign is paused and resumed: 1 sent, the row ends sent'),
      {
        file: 'packages/core/test/gate.test.ts',
        name: 'nothing that was decided before a pause passes after it, not even when the campaign goes on',
      },
    ],
  },
  {
    name: 'dates-at-the-gate',
    removes: 'A message passes the gate after the end of its campaign.',
    file: 'packages/core/src/store/gate.ts',
    find: '(campaign.end_at === null || now < campaign.end_at)',
    replace: 'true',
    killedBy: [gateRace('the end date passes: 0 sent, the row ends cancelled')],
  },
  {
    name: 'outbox-at-the-gate',
    removes: 'A message passes the gate although its conversation took it back.',
    file: 'packages/core/src/store/gate.ts',
    find: "if (!conversation?.outbox.some(({ key }) => key === message.key)) return 'withdrawn';",
    replace: "if (!conversation) return 'withdrawn';",
    killedBy: [
      {
        file: 'apps/worker/test/replies.test.ts',
        name: 'a reply voids the follow-up that was decided and has not left',
      },
    ],
  },
  {
    name: 'unread-gate',
    removes: 'A message passes a gate that could not be read.',
    file: 'apps/worker/src/delivery/deliver-chunk.ts',
    find: "?? 'halt'",
    replace: "?? 'pass'",
    killedBy: [
      gateRace('a gate that cannot be read lets nobody through; the message leaves at the next attempt, once'),
    ],
  },
  {
    name: 'last-look-at-the-gate',
    removes: 'The body leaves although the look through the gate is old, because the server took its time.',
    file: 'apps/worker/src/delivery/last-look.ts',
    find: 'sinceGate() > GATE_TO_WIRE_MS && holdsLease() ? lookAgain() : pass(sinceGate())',
    replace: 'pass(0)',
    killedBy: [
      {
        file: 'apps/worker/test/deliver-chunk.test.ts',
        name: 'a reply that comes while a slow server thinks about DATA holds the message back',
      },
    ],
  },
  {
    name: 'stale-last-look',
    removes: 'The body leaves although even the second look through the gate is old.',
    file: 'apps/worker/src/delivery/last-look.ts',
    find: 'if (gateAgeMs > GATE_TO_WIRE_MS)',
    replace: 'if (gateAgeMs < 0)',
    killedBy: [
      {
        file: 'apps/worker/src/delivery/last-look.test.ts',
        name: 'the last look stops where reading the gate again takes too long as well',
      },
    ],
  },
  {
    name: 'lease-before-the-wire',
    removes: 'The body leaves although the lease of its claim is over, or may end on the way.',
    file: 'apps/worker/src/delivery/last-look.ts',
    find: 'leaseLeftMs() > 0 && leaseLeftMs() >= timeoutMs - sinceStart()',
    replace: 'true',
    killedBy: [
      {
        file: 'apps/worker/test/deliver-chunk.test.ts',
        name: 'a worker that was stopped between gate and wire beyond its lease sends nothing, and the message leaves later, once',
      },
    ],
  },
  {
    name: 'lost-answer-of-a-commit',
    removes: 'A commit whose answer is lost may still land when its worker has looked for it and gone on.',
    file: 'packages/core/src/store/commit-decisions.ts',
    find: "if ('failure' in written) await shutOut(store, decisions);",
    replace: '',
    killedBy: [
      {
        file: 'packages/core/test/commit-decisions.test.ts',
        name: 'when the answer to the write is lost a write that lands later than the look at the fence changes nothing: nobody would bring its effects about',
      },
    ],
  },
  {
    name: 'version-at-adoption',
    removes:
      'Whoever adopts a batch leaves the versions of its conversations, so that the lost worker can still commit.',
    file: 'packages/core/src/store/open-batches.ts',
    find: '{ $inc: { version: 1 } }',
    replace: '{ $inc: { version: 0 } }',
    killedBy: [
      {
        file: 'packages/core/test/open-batches.test.ts',
        name: 'an expired batch fences its paused worker off: what that one decided before can be committed no more',
      },
    ],
  },
  {
    name: 'one-adopter',
    removes: 'Everybody who finds an expired batch adopts it.',
    file: 'packages/core/src/store/open-batches.ts',
    find: 'if (taken.deletedCount === 1) return adopted;',
    replace: 'return adopted;',
    killedBy: [
      {
        file: 'packages/core/test/open-batches.test.ts',
        name: 'an expired batch is adopted by exactly one of many, under the successor’s name',
      },
    ],
  },
  {
    name: 'attempt-of-a-claim',
    removes: 'A row that waits to be sent again is claimed although somebody tried it meanwhile.',
    file: 'packages/core/src/ledger/transition.ts',
    find: "{ status: ['retry'], attempt: seenAttempt }",
    replace: "{ status: ['retry'] }",
    killedBy: [
      {
        file: 'packages/core/test/claim-messages.test.ts',
        name: 'a row that waits for another attempt is not claimed when it has been tried again since',
      },
    ],
  },
  {
    name: 'at-most-once',
    removes: 'A message whose worker was lost is sent again, whatever its policy.',
    file: 'packages/core/src/ledger/transition.ts',
    find: "if (policy === 'at_most_once')",
    replace: 'if (policy === undefined)',
    killedBy: [
      {
        file: 'packages/core/test/sweep-ledger.test.ts',
        name: 'leases of at_most_once end as unknown, and are not open any more',
      },
    ],
  },
  {
    name: 'silence-after-the-body',
    removes: 'Silence of the mail server after the body counts as a proof that nothing was accepted.',
    file: 'packages/channels/src/smtp-transaction.ts',
    find: 'bodyStarted = true;',
    replace: '',
    killedBy: [
      {
        file: 'packages/channels/test/email.test.ts',
        name: 'an email outcome tells what the server did at each step with pipelining dot: "drop" means unknown',
      },
    ],
  },
  {
    name: 'body-for-nobody',
    removes: 'The mail leaves although its sender or its address was refused, because the server granted DATA.',
    file: 'packages/channels/src/smtp-transaction.ts',
    find: 'if (refusal) return finish(refusal, !isReady);',
    replace: '',
    killedBy: [
      {
        file: 'packages/channels/test/smtp-session.test.ts',
        name: 'a transaction with pipelining gives nothing to a server that refuses at rcpt and grants DATA',
      },
    ],
  },
  {
    name: 'last-look-before-the-body',
    removes: 'The mail leaves although the last look said stop.',
    file: 'packages/channels/src/smtp-transaction.ts',
    find: "if (stop !== null) return finish({ kind: 'stopped', reason: stop }, false);",
    replace: '',
    killedBy: [
      {
        file: 'packages/channels/test/smtp-session.test.ts',
        name: 'a transaction with pipelining sends not one byte of the mail where the last look says stop at once',
      },
    ],
  },
  {
    name: 'grant-alone',
    removes: 'The mail leaves although the server has said more than that it may, so that the answers have slipped.',
    file: 'packages/channels/src/smtp-transaction.ts',
    find: 'if (!wire.hasUnread()) askLastLook',
    replace: 'askLastLook',
    killedBy: [
      {
        file: 'packages/channels/test/smtp-session.test.ts',
        name: 'a transaction with pipelining sends nothing where more than the grant has come: "250 queued"',
      },
    ],
  },
  {
    name: 'cap-of-at-least-once',
    removes: 'A message that is never answered for is sent again without end.',
    file: 'apps/worker/src/delivery/outcome.ts',
    find: "row.policy === 'at_least_once' && row.attempt < MAX_ATTEMPTS",
    replace: "row.policy === 'at_least_once'",
    killedBy: [
      {
        file: 'apps/worker/test/outcomes.test.ts',
        name: 'what the channel answers after ten attempts without an answer a message of at_least_once is unknown',
      },
    ],
  },
  {
    name: 'quarantine',
    removes: 'A message that takes its workers with it is tried again without end.',
    file: 'packages/core/src/ledger/transition.ts',
    find: 'if (lost >= QUARANTINE_AFTER)',
    replace: 'if (lost < 0)',
    killedBy: [
      {
        file: 'apps/scheduler/test/untold.test.ts',
        name: 'a message that took five workers with it is put aside: unknown, told, counted once',
      },
    ],
  },
  {
    name: 'untold-outcomes',
    removes: 'Nobody looks for outcomes that a conversation was not told of.',
    file: 'apps/scheduler/src/sweep/sweep.ts',
    find: 'untold: sweepUntold,',
    replace: '',
    killedBy: [
      {
        file: 'apps/scheduler/test/untold.test.ts',
        name: 'a scheduler that dies between giving up on a lease and telling of it leaves the telling to the next sweep',
      },
    ],
  },
  {
    name: 'event-once-in-the-inbox',
    removes: 'An event is put into the inbox although it waits there already.',
    file: 'packages/core/src/store/add-event.ts',
    find: "'inbox.id': { $ne: event.id },",
    replace: '',
    killedBy: [
      { file: 'packages/core/test/add-event.test.ts', name: '50 callers at once with the same event add it once' },
    ],
  },
  {
    name: 'event-once-applied',
    removes: 'An event that was applied already is put into the inbox again; the engine is the second to know better.',
    file: 'packages/core/src/store/add-event.ts',
    find: 'applied_event_ids: { $ne: event.id },',
    replace: '',
    killedBy: [{ file: 'packages/core/test/add-event.test.ts', name: 'adding an event whose id was applied' }],
  },
  {
    name: 'reply-kept-once',
    removes: 'A reply is kept again under an id that was taken.',
    file: 'packages/core/src/store/receive-responses.ts',
    find: 'driver(store.responses).insertOne(response)',
    replace: 'driver(store.responses).replaceOne({ _id: response._id }, response, { upsert: true })',
    killedBy: [
      { file: 'packages/core/test/responses.test.ts', name: 'a reply is kept once, however often it is posted' },
    ],
  },
  {
    name: 'reply-kept-once-in-a-group',
    removes: 'Of replies that are written together, one is kept again under an id that was taken.',
    file: 'packages/core/src/store/receive-responses.ts',
    find: 'driver(store.responses).insertMany([...responses], { ordered: false })',
    replace: `driver(store.responses).bulkWrite(
      responses.map((response) => ({
        replaceOne: { filter: { _id: response._id }, replacement: response, upsert: true },
      })),
    )`,
    killedBy: [
      {
        file: 'packages/core/test/replies-in-groups.test.ts',
        name: 'replies that are received together are kept once, however many groups hold them at the same time',
      },
    ],
  },
  {
    name: 'wait-for-the-wire',
    removes: 'A conversation is decided although its message is on the wire and a reply waits.',
    file: 'apps/worker/src/advance/decide-batch.ts',
    find: 'else if (isWaitingForTheWire(batch, seen)) waiting.push(seen);',
    replace: '',
    killedBy: [
      {
        file: 'apps/worker/test/replies.test.ts',
        name: 'a reply that comes while its message is on the wire waits for the wire, and then counts as an answer to it',
      },
    ],
  },
  {
    name: 'rate-limit',
    removes: 'A worker sends although the limit that all share is used up.',
    file: 'apps/worker/src/delivery/tokens.ts',
    find: "kind: tokens.granted ? 'granted' : 'refused', waitMs: tokens.waitMs",
    replace: "kind: 'granted', waitMs: 0",
    killedBy: [
      twoWorkers('a worker does not claim what the limit of its channel, which another one has used up, keeps back'),
    ],
  },
  {
    name: 'doubt-at-the-close',
    removes: 'A message that may have arrived is called cancelled when its campaign is closed.',
    file: 'packages/core/src/ledger/transition.ts',
    find: "const status = inDoubt ? 'unknown' : 'cancelled';",
    replace: "const status = 'cancelled';",
    killedBy: [
      {
        file: 'packages/core/test/sweep-ledger.test.ts',
        name: 'retries of a closed campaign are unknown, not cancelled, where an attempt got no answer',
      },
      {
        file: 'packages/core/test/model/model-check.test.ts',
        name: 'in every order of events nothing is lost, and nothing is repeated unsaid a cancellation where a message may be sent again',
      },
    ],
  },
  {
    name: 'gap-of-a-restore',
    removes: 'What may have gone out before its database was restored is sent again.',
    file: 'apps/worker/src/delivery/in-doubt.ts',
    find: 'existing === null && isInGap(campaign, effect.decided_at)',
    replace: 'false',
    killedBy: [
      {
        file: 'apps/worker/test/restored.test.ts',
        name: 'what a restored campaign decides for the time of the gap is unknown, and is not sent',
      },
    ],
  },
  {
    name: 'lateness-after-a-restore',
    removes: 'What was due in the gap of a restore is sent again where workers come late.',
    file: 'apps/worker/src/advance/in-time.ts',
    find: 'now: Math.min(input.now, at) }',
    replace: 'now: input.now }',
    killedBy: [
      {
        file: 'apps/worker/test/restored.test.ts',
        name: 'workers that come long after the gap send nothing of it, and what lies behind it',
      },
      {
        file: 'apps/worker/test/restored.test.ts',
        name: 'a blocked conversation that goes on long after the gap sends nothing that was due in it',
      },
    ],
  },
  {
    name: 'resend-before-a-restore',
    removes: 'A resend that was under way in a backup is sent a second time.',
    file: 'apps/worker/src/delivery/in-doubt.ts',
    find: '!((asked.get(effect.key) ?? 0) > (campaign.restored_at ?? 0))',
    replace: '!asked.has(effect.key)',
    killedBy: [
      {
        file: 'apps/worker/test/restored.test.ts',
        name: 'a resend that was asked for before the restore may have left, and is unknown',
      },
    ],
  },
  {
    name: 'replies-of-a-restore',
    removes: 'A reply that a restored conversation never saw counts as applied, and is lost.',
    file: 'packages/core/src/store/mark-restored.ts',
    find: 'replies: await routeAgain(store, gap.takenAt - gap.marginMs)',
    replace: 'replies: 3',
    killedBy: [
      {
        file: 'packages/core/test/restored.test.ts',
        name: 'a restored database has the replies of the time of the backup routed again; a conversation that has them takes none twice',
      },
    ],
  },
  {
    name: 'restore-not-ended',
    removes: 'A migration opens a database whose restore has not ended.',
    file: 'packages/core/src/store/schema-version.ts',
    find: 'if (restoring) return RESTORING;',
    replace: '',
    killedBy: [
      {
        file: 'packages/core/test/restored.test.ts',
        name: 'a restore that was begun is opened by no migration, and by no app, before its end',
      },
    ],
  },
  {
    name: 'cluster-connect',
    removes: 'A worker that comes back to a Redis Cluster without one of its masters waits for ever.',
    file: 'packages/queues/src/worker-cluster.ts',
    find: 'enableReadyCheck: false',
    replace: 'enableReadyCheck: true',
    killedBy: [
      {
        file: 'packages/queues/test/worker-cluster.test.ts',
        name: 'a connection that begins while a slot has no master comes to the end of that, and works when it has one',
      },
      {
        file: 'packages/queues/test/worker-cluster.test.ts',
        name: 'every consumer goes on when the master of its slot is killed',
      },
    ],
  },
  {
    name: 'cluster-end',
    removes: 'A worker whose Redis Cluster answers late waits for ever for the end of its connection.',
    file: 'packages/queues/src/worker-cluster.ts',
    find: "if (cluster.status === 'disconnecting') node.disconnect();",
    replace: 'void node;',
    killedBy: [
      {
        file: 'packages/queues/test/worker-cluster.test.ts',
        name: 'a connection tells its end although a late answer names a node that it has left',
      },
    ],
  },
  {
    name: 'redis-silence',
    removes: 'A connection to a Redis whose machine is gone waits for the operating system to notice.',
    file: 'packages/queues/src/redis.ts',
    find: 'return { maxRetriesPerRequest, socketTimeout,',
    replace: 'void socketTimeout; return { maxRetriesPerRequest,',
    killedBy: [
      {
        file: 'packages/queues/test/silent-redis.test.ts',
        name: 'producers and consumers go on when the machine of their Redis is gone without a word, and another takes its place',
      },
    ],
  },
];
