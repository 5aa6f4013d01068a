import { fakeClock } from './fake-clock.js';

it('stands still until it is told to move', () => {
  const clock = fakeClock(1000);

  expect([clock.now(), clock.now(), clock.advance(50), clock.now()]).toEqual([1000, 1000, 1050, 1050]);
});
