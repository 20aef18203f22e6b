import { readFileSync } from 'node:fs';
import { checkEngine, type EngineName, type Engines } from '@pingan/local-engines';

/** Clock ticks of Linux a second, which `getconf CLK_TCK` gives everywhere. */
const TICKS = 100;

/** A process that used less than this of one processor while it did not answer is not busy. */
const IDLE_SHARE = 0.02;

/** So many answers must have failed to come: time alone also passes while this process is the one that is frozen. */
const LEAST_FAILURES = 5;

/** One that computes and does not answer is left alone for so many times as long. */
const BUSY_PATIENCE = 5;

export interface ProcessTimes {
  /** Stopped by a signal or a debugger. */
  stopped: boolean;
  /** Processor time used since its start. */
  cpuSeconds: number;
}

/** Undefined where /proc does not tell. */
export function processTimes(pid: number): ProcessTimes | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the command may hold blanks and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [user, system] = [Number(fields[11]), Number(fields[12])];
    return { stopped: /^[Tt]$/.test(fields[0] ?? ''), cpuSeconds: (user + system) / TICKS };
  } catch {
    return undefined;
  }
}

export interface Silence {
  silentMs: number;
  failures: number;
  frozenMs: number;
  before: ProcessTimes | undefined;
  now: ProcessTimes | undefined;
}

/** Whether an engine that does not answer is frozen: stopped or idle for long enough; a busy one has more time. */
export function isFrozen({ silentMs, failures, frozenMs, before, now }: Silence): boolean {
  if (failures < LEAST_FAILURES || silentMs < frozenMs) return false;
  if (silentMs >= BUSY_PATIENCE * frozenMs) return true;
  if (!before || !now) return false;
  return now.stopped || now.cpuSeconds - before.cpuSeconds < (silentMs / 1000) * IDLE_SHARE;
}

export interface EngineWatchOptions {
  engines: Engines;
  say: (text: string) => void;
  /** An engine that has not answered for this long and does nothing is killed; whoever owns the engines starts it again. */
  frozenMs: number;
}

/** An answer is waited for as long as five can fail to come before the engine counts as frozen. */
const patienceOf = (frozenMs: number) => Math.max(2_000, frozenMs / (2 * LEAST_FAILURES));

interface Watched {
  pid: number;
  answeredAt: number;
  failures: number;
  before: ProcessTimes | undefined;
  asking: boolean;
}

/** Asks the engines that were started here, again and again, and kills one that is frozen. */
export class EngineWatch {
  private readonly watched = new Map<EngineName, Watched>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: EngineWatchOptions) {
    this.timer = setInterval(() => this.look(), Math.max(200, options.frozenMs / 12)).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const { engines } = this.options;
    for (const engine of engines.started) {
      const pid = engines.pids[engine];
      if (pid === undefined) {
        this.watched.delete(engine);
        continue;
      }
      let entry = this.watched.get(engine);
      if (entry?.pid !== pid) {
        entry = { pid, answeredAt: performance.now(), failures: 0, before: processTimes(pid), asking: false };
        this.watched.set(engine, entry);
      }
      if (!entry.asking) void this.ask(engine, entry);
    }
  }

  private async ask(engine: EngineName, entry: Watched): Promise<void> {
    const { engines, say, frozenMs } = this.options;
    entry.asking = true;
    // Those that were started here ask for no login.
    const { ok } = await checkEngine(engine, engines.endpoints, {}, patienceOf(frozenMs));
    entry.asking = false;
    if (engines.pids[engine] !== entry.pid) return;
    if (ok) {
      Object.assign(entry, { answeredAt: performance.now(), failures: 0, before: processTimes(entry.pid) });
      return;
    }
    entry.failures += 1;
    const silentMs = performance.now() - entry.answeredAt;
    const { failures, before, pid } = entry;
    if (!isFrozen({ silentMs, failures, frozenMs, before, now: processTimes(pid) })) return;
    say(`${engine} 已有 ${Math.round(silentMs / 1000)} 秒没有应答，进程停住，强制结束并重启`);
    this.watched.delete(engine);
    process.kill(pid, 'SIGKILL');
  }
}
