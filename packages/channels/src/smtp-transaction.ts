import type { LastLook } from './channel.js';
import { askLastLook } from './last-look.js';
import type { SmtpResult } from './smtp-outcome.js';
import type { Reply } from './smtp-replies.js';
import type { SmtpWire, WireListener } from './smtp-wire.js';

export interface Transaction {
  /** The commands of the envelope. */
  readonly mail: string;
  readonly rcpt: string;
  /** The mail as it follows DATA, with the dot that ends it. */
  readonly data: string;
  readonly lastLook: LastLook;
  /** `inOrder`: the server and we agree on where we are, so that another transaction may follow. Called once. */
  readonly onResult: (result: SmtpResult, inOrder: boolean) => void;
}

/** What the server answers next; `ours`: nothing, so that whatever it says is out of turn. */
type Turn = 'MAIL FROM' | 'RCPT TO' | 'DATA' | 'ours' | 'body';

const isYes = ({ code }: Reply) => code >= 200 && code < 300;
const isGrant = ({ code }: Reply) => code >= 300 && code < 400;
const CLOSING = 421;

/**
 * Runs one transaction. Where the server takes pipelined commands, MAIL, RCPT and DATA leave in one go and are answered
 * one after the other; else each waits for the answer to the one before. The mail leaves only when all three are granted,
 * the server has said nothing more, and the last look says go, in the same turn as that: until then it is proven that
 * nobody accepted it (design, section 6, step 4). A server that refused the sender or the address and grants DATA
 * nevertheless gets nothing at all, not even the end of an empty mail, which it could take for one. Some servers say 250
 * to DATA; where commands are pipelined, that is an answer which has slipped.
 *
 * Returns the function that gives it up for a reason: what has left until then decides on its result.
 */
export function runTransaction(wire: SmtpWire, transaction: Transaction): (reason: string) => void {
  const { mail, rcpt, data, lastLook, onResult } = transaction;
  let turn: Turn = 'MAIL FROM';
  let refusal: SmtpResult | null = null;
  let bodyStarted = false;
  let over = false;

  const listener: WireListener = {
    onReply(reply) {
      if (turn === 'body') return judge(reply);
      if (turn === 'ours') return finish(answered('CONN', reply), false);
      if (reply.code === CLOSING) return finish(refusal ?? answered(turn, reply), false);
      if (turn === 'DATA') return onDataAnswered(reply);
      if (!isYes(reply)) refusal ??= answered(turn, reply);
      const next = turn === 'MAIL FROM' ? 'RCPT TO' : 'DATA';
      if (wire.pipelining) turn = next;
      else if (refusal) finish(refusal, true);
      else if (wire.hasUnread()) turn = 'ours';
      else ask(next);
    },
    onEnd: giveUp,
  };

  function ask(command: 'RCPT TO' | 'DATA'): void {
    turn = command;
    wire.write(command === 'RCPT TO' ? rcpt : 'DATA\r\n');
  }

  function onDataAnswered(reply: Reply): void {
    const isReady = isGrant(reply) || isYes(reply);
    if (refusal) return finish(refusal, !isReady);
    if (!isGrant(reply) && (wire.pipelining || !isReady)) return finish(answered('DATA', reply), !isReady);
    turn = 'ours';
    if (!wire.hasUnread()) askLastLook(lastLook, onLooked);
  }

  function onLooked(stop: string | null): void {
    if (over) return;
    if (stop !== null) return finish({ kind: 'stopped', reason: stop }, false);
    if (!wire.isAlive()) return giveUp('the connection was closed');
    turn = 'body';
    bodyStarted = true;
    wire.write(data);
  }

  /** An answer that comes before the whole mail has left says enough of this one, but no other may follow. */
  function judge(reply: Reply): void {
    const inOrder = reply.code !== CLOSING && !wire.isWriting();
    finish(isYes(reply) ? { kind: 'accepted', response: reply.text } : answered('DATA', reply), inOrder);
  }

  function answered(command: string, { code, text }: Reply): SmtpResult {
    return { kind: 'answered', bodyStarted, command, code, response: text };
  }

  function giveUp(reason: string): void {
    finish({ kind: 'lost', bodyStarted, reason }, false);
  }

  function finish(result: SmtpResult, inOrder: boolean): void {
    if (over) return;
    over = true;
    wire.listen(null);
    onResult(result, inOrder);
  }

  wire.listen(listener);
  wire.write(wire.pipelining ? `${mail}${rcpt}DATA\r\n` : mail);
  return giveUp;
}
