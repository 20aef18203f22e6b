import { setTimeout as sleep } from 'node:timers/promises';
import { randomOf, shuffled } from '../harness/random.js';
import { type Activity, isService, proofOfWork, type TargetName, targetNames } from './targets.js';

/** A frozen process is thawed after at most this long; some freezes are longer than sessions and locks of the run. */
const LONGEST_FREEZE_MS = 14_000;

/** Share of the freezes of a service that outlast the watchdog, and by how much at most: that one is killed by its launcher. */
const OUTLASTING = 0.1;
const OUTLASTING_MS = 4_000;

/** How long a freeze lasts, by a number drawn between 0 and 1. */
function freezeMs(luck: number, target: TargetName, watchdogMs: number): number {
  const beyond = (luck - (1 - OUTLASTING)) / OUTLASTING;
  if (isService(target) && beyond > 0) return Math.round(watchdogMs + beyond * OUTLASTING_MS);
  return Math.round(300 + luck ** 2 * LONGEST_FREEZE_MS);
}

/** Between two faults, if progress allows. */
const LONGEST_PAUSE_MS = 2_500;

/** Without progress the next fault comes all the same: recovery itself is work worth disturbing. */
const PATIENCE_MS = 5_000;

export interface FaultOptions {
  seed: number;
  kills: number;
  /** A service that hangs for longer is killed. */
  watchdogMs: number;
  /** Called before each fault with how many were done. */
  advance: (done: number) => void | Promise<void>;
  /** Whether enough of the load has arrived to go on with the fault after `done`. */
  caughtUpWith: (done: number) => Promise<boolean>;
  look: () => Promise<Activity>;
  pid: (target: TargetName) => number | undefined;
  say: (text: string) => void;
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Kills or freezes processes at work, at times and in an order that follow from the seed, until `kills` have hit. */
export async function bringAboutFaults(options: FaultOptions): Promise<Record<string, number>> {
  const { seed, kills, look, pid, say } = options;
  const random = randomOf(seed ^ 0x5bd1e995);
  const frozen = new Map<number, NodeJS.Timeout>();
  const counts: Record<string, number> = {};

  const thaw = (process_: number): void => {
    clearTimeout(frozen.get(process_));
    frozen.delete(process_);
    if (alive(process_)) process.kill(process_, 'SIGCONT');
  };
  const hit = (target: TargetName, process_: number, proof: string, done: number): void => {
    const freeze = random() < 0.35;
    const forMs = freezeMs(random(), target, options.watchdogMs);
    process.kill(process_, freeze ? 'SIGSTOP' : 'SIGKILL');
    if (freeze)
      frozen.set(
        process_,
        setTimeout(() => thaw(process_), forMs),
      );
    const what = `${freeze ? 'freeze' : 'kill'} ${target}`;
    counts[what] = (counts[what] ?? 0) + 1;
    say(`${done + 1}/${kills} ${freeze ? `SIGSTOP ${(forMs / 1000).toFixed(1)} s` : 'SIGKILL'} ${target} (${proof})`);
  };

  try {
    for (let done = 0; done < kills; done += 1) {
      await options.advance(done);
      const pause = random() * LONGEST_PAUSE_MS;
      const order = shuffled(targetNames, Math.floor(random() * 2 ** 31));
      const patienceEnds = performance.now() + PATIENCE_MS;
      await sleep(pause);
      while (performance.now() < patienceEnds && !(await options.caughtUpWith(done))) await sleep(100);
      for (let isHit = false; !isHit; ) {
        const activity = await look();
        for (const target of order) {
          const process_ = pid(target);
          const proof = proofOfWork(target, activity);
          if (process_ === undefined || proof === undefined || frozen.has(process_) || !alive(process_)) continue;
          hit(target, process_, proof, done);
          isHit = true;
          break;
        }
        if (!isHit) await sleep(50);
      }
    }
  } finally {
    for (const process_ of [...frozen.keys()]) thaw(process_);
  }
  return counts;
}
