import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { recipientId } from '../prepare/recipients.js';
import { latencyOf } from '../quantiles.js';
import type { LoadOrder, LoadReport } from './order.js';

const { urls, apiKey, count, atOnce } = JSON.parse(process.argv[2] ?? '') as LoadOrder;
const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
const targets = urls.map((url) => new URL('/v1/responses', url));
const durations: number[] = [];
let next = 0;

const startedAt = Date.now();
await Promise.all(Array.from({ length: atOnce }, (_, i) => sendTo(targets[i % targets.length] as URL)));
agent.destroy();
const report: LoadReport = { startedAt, answeredAt: Date.now(), latency: latencyOf(durations) };
console.log(JSON.stringify(report));

async function sendTo(target: URL): Promise<void> {
  while (next < count) {
    const n = next;
    next += 1;
    const started = performance.now();
    await post(target, replyTo(recipientId(n)));
    durations.push(performance.now() - started);
  }
}

async function post(target: URL, body: string): Promise<void> {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    authorization: `Bearer ${apiKey}`,
  };
  const sending = request(target, { method: 'POST', agent, headers });
  sending.end(body);
  const [answer] = (await once(sending, 'response')) as [IncomingMessage];
  const said = await text(answer);
  if (answer.statusCode !== 202) throw new Error(`The answer is ${answer.statusCode}: ${said}`);
}

function replyTo(recipient: string): string {
  return JSON.stringify({
    id: `reply-of-${recipient}`,
    conversation_id: `bench/${recipient}`,
    intent: 'interested',
    text: 'Yes, that sounds like something for us. Could you call me on Thursday afternoon?',
    data: { rating: 5 },
  });
}
