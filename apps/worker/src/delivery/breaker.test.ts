import { askLeave, type Breaker, CLOSED, type Contact, type Leave, tellContact } from './breaker.js';

const opened = (probeAt: number, pauseMs = 1000): Breaker => ({ state: 'open', probeAt, pauseMs });
const probing = (pauseMs = 1000): Breaker => ({ state: 'half_open', pauseMs });
const missed = (count: number): Breaker => ({ state: 'closed', missed: count });

it.each<[string, Breaker, number, Leave, Breaker]>([
  ['a closed one lets everything through', CLOSED, 0, 'go', CLOSED],
  ['so does one that has missed twice', missed(2), 0, 'go', missed(2)],
  ['an open one lets nothing through before its pause is over', opened(1000), 999, 'wait', opened(1000)],
  ['then it lets one message through', opened(1000, 4000), 1000, 'probe', probing(4000)],
  ['and no other while that is under way', probing(), 1e9, 'wait', probing()],
])('%s', (_, breaker, now, leave, then) => {
  expect(askLeave(breaker, now)).toEqual({ leave, breaker: then });
});

it.each<[string, Breaker, Leave, Contact, Breaker]>([
  ['one chunk that does not arrive is tolerated', CLOSED, 'go', 'missed', missed(1)],
  ['so is a second one', missed(1), 'go', 'missed', missed(2)],
  ['the third in a row opens', missed(2), 'go', 'missed', opened(5000 + 1000)],
  ['one that arrives begins the row anew', missed(2), 'go', 'reached', CLOSED],
  ['one of which nothing was sent says nothing', missed(2), 'go', 'none', missed(2)],
  ['a probe that arrives closes', probing(8000), 'probe', 'reached', CLOSED],
  ['a probe that does not doubles the pause', probing(8000), 'probe', 'missed', opened(5000 + 16_000, 16_000)],
  ['but a minute is the longest', probing(50_000), 'probe', 'missed', opened(5000 + 60_000, 60_000)],
  ['a probe that came to nothing is made again', probing(8000), 'probe', 'none', opened(5000 + 8000, 8000)],
  ['an older chunk that fails meanwhile changes nothing', opened(9000), 'go', 'missed', opened(9000)],
  ['nor while the probe is under way', probing(8000), 'go', 'missed', probing(8000)],
  ['an older chunk that arrives closes an open one', opened(9000), 'go', 'reached', CLOSED],
])('%s', (_, breaker, leave, contact, then) => {
  expect(tellContact(breaker, leave, contact, 5000)).toEqual(then);
});

it('a provider that is away for an hour is tried some sixty times by one process', () => {
  let [breaker, tries] = [CLOSED, 0];
  for (let now = 0; now < 3_600_000; now += 100) {
    const asked = askLeave(breaker, now);
    breaker = asked.breaker;
    if (asked.leave === 'wait') continue;
    tries += 1;
    breaker = tellContact(breaker, asked.leave, 'missed', now);
  }
  expect(tries).toBeGreaterThan(55);
  expect(tries).toBeLessThan(75);
});
