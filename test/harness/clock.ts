/**
 * Loaded into a service before everything else (`--import`): on SIGUSR2 its clock jumps by the next of CLOCK_JUMPS, a list
 * of milliseconds. Timers go on as they do when a real clock is set.
 */
const RealDate = Date;
const jumps = (process.env.CLOCK_JUMPS ?? '').split(',').map(Number);
let shift = 0;

class ShiftedDate extends RealDate {
  constructor(...args: unknown[]) {
    if (args.length === 0) super(RealDate.now() + shift);
    else super(...(args as [number]));
  }

  static override now(): number {
    return RealDate.now() + shift;
  }
}
globalThis.Date = ShiftedDate as DateConstructor;

process.on('SIGUSR2', () => {
  shift += jumps.shift() ?? 0;
  process.stderr.write(`clock shifted by ${shift} ms\n`);
});
