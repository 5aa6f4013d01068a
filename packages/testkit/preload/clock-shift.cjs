/**
 * For the fault suite alone: gives the process that preloads it a wrong clock, CLOCK_SHIFT_MS milliseconds ahead (or
 * behind, where negative). With CLOCK_SHIFT_LATER the clock is right at first, and each SIGUSR2 makes it jump: away, and
 * back again.
 */
const shiftMs = Number(process.env.CLOCK_SHIFT_MS);
const RealDate = Date;
let shifted = process.env.CLOCK_SHIFT_LATER === undefined;

const now = () => RealDate.now() + (shifted ? shiftMs : 0);

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});

if (!shifted) {
  process.on('SIGUSR2', () => {
    shifted = !shifted;
  });
}
