import { mongoCommand, startTcpProxy, type TcpProxy, testMongoUri, until } from '@campaign-manager/testkit';
import { runningCampaign } from './support/conversations.js';
import { identityOf, startTestInbound, type TestInbound } from './support/inbound.js';
import { apple } from './support/inbound-mails.js';

const CONVERSATION = 'camp/user_1';
const { replyTo } = identityOf(`${CONVERSATION}/welcome/1/0/0`);
const mail = apple({ messageId: '<once@mail>' });

let mongo: TcpProxy;
let test: TestInbound;

beforeEach(async () => {
  mongo = await startTcpProxy(testMongoUri());
  test = await startTestInbound('api_inbound_outages', { mongodbUri: mongo.uri }, { answerMs: 1000 });
  await runningCampaign(test.api, 'camp');
});
afterEach(async () => {
  mongo.pass();
  await test.stop();
  await mongo.close();
});

/** Ids of what waits in the conversation's inbox. */
async function inbox(): Promise<readonly string[]> {
  return (await test.api.store.conversations.findById(CONVERSATION).lean())?.inbox.map(({ id }) => id) ?? [];
}

it.each(['refuse', 'hold'] as const)(
  'a reply that cannot be stored, because the network is told to %s, is not taken; the next try is',
  async (fault) => {
    mongo[fault]();
    expect(await test.send(mail, replyTo)).toMatch(/^451 4\.3\.0/);
    mongo.pass();

    expect(await test.send(mail, replyTo)).toMatch(/^250/);
    expect(await inbox()).toHaveLength(1);
    expect(await test.api.store.responses.countDocuments({})).toBe(1);
  },
  60_000,
);

it('a reply whose storing is lost on the way counts once, whoever hears of it', async () => {
  mongo.lose('answer', mongoCommand('insert'));

  const answers = [await test.send(mail, replyTo), await test.send(mail, replyTo)];

  expect(answers.at(-1)).toMatch(/^250/);
  expect(await inbox()).toHaveLength(1);
  expect(await test.api.store.responses.countDocuments({})).toBe(1);
}, 60_000);

it('a mail that is under way when the listener stops is answered', async () => {
  const look = mongo.lose('request', mongoCommand('find'));
  const sending = test.send(mail, replyTo);
  await until(() => look.happened(), { describe: 'the mail is being taken' });
  const [answer] = await Promise.all([sending, test.inbound.stop()]);

  expect(answer).toMatch(/^250/);
  expect(await test.send(mail, replyTo)).toMatch(/ECONNREFUSED/);
}, 60_000);
