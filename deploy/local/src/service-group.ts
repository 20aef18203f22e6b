import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type SupervisedProcess, superviseProcess } from '@pingan/local-engines';

const servicesDirectory = fileURLToPath(new URL('../../../services/', import.meta.url));

const STOP_DEADLINE_MS = 22_000;

/** Between the death of a service and its next start: doubled from the first to the last. */
const FIRST_DELAY_MS = 1_000;
const LAST_DELAY_MS = 30_000;

/** A service that ran for as long is well again, and its next death is a first one. */
const RAN_WELL_MS = 60_000;

/** A process that does not even say where it answers by then hangs; loading a service takes seconds on a busy machine. */
const START_MS = 60_000;

/** A service that dies so often in a row before all were up will not come up by itself. */
const HOPELESS = 6;

/** Exit status of a wrong configuration: trying again cannot help. */
const CONFIG_STATUS = 2;

export interface ServiceGroupOptions {
  names: readonly string[];
  env: Record<string, string | undefined>;
  logFile: (name: string) => string;
  say: (text: string) => void;
  /** A service cannot be brought back. */
  onBroken: (text: string) => void;
  /** Waited for before a service is started again, such as for space on the disk. */
  beforeStart?: () => Promise<void>;
  /** A process that does not answer `/healthz` with 200 for this long is ended with SIGKILL. */
  hangMs: number;
}

interface Entry {
  process: SupervisedProcess;
  startedAt: number;
  /** Told by the service over IPC. */
  healthUrl?: string;
  answeredAt: number;
  asking: boolean;
}

/** Milliseconds before the n-th start in a row (0: the first after it ran well). */
export function restartDelay(deathsInARow: number): number {
  return Math.min(LAST_DELAY_MS, FIRST_DELAY_MS * 2 ** deathsInARow);
}

/**
 * Service processes that are brought back when they die, and killed when they hang: a process that is stopped or caught in
 * a loop cannot end itself, one whose work is stuck does (see `Health` in `packages/runtime`).
 */
export class ServiceGroup {
  private readonly running = new Map<string, Entry>();
  private readonly deaths = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;
  private complete = false;
  private stopping = false;

  constructor(private readonly options: ServiceGroupOptions) {
    for (const name of options.names) this.start(name);
    this.timer = setInterval(() => this.askAll(), Math.max(500, options.hangMs / 10));
    this.timer.unref();
  }

  /** Process of a service; undefined between its death and its next start. */
  pid(name: string): number | undefined {
    return this.running.get(name)?.process.pid;
  }

  healthUrl(name: string): string | undefined {
    return this.running.get(name)?.healthUrl;
  }

  /** All services were seen at work: from now on a dead one is brought back for as long as it takes. */
  allUp(): void {
    this.complete = true;
  }

  /** In the order of the names: intake first. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    for (const name of this.options.names) await this.running.get(name)?.process.stop(STOP_DEADLINE_MS);
  }

  private start(name: string): void {
    const { env, logFile } = this.options;
    const process = superviseProcess({
      name,
      modulePath: join(servicesDirectory, name, 'dist/main.js'),
      env,
      logFile: logFile(name),
      onMessage: (message) => {
        const { type, url } = message as { type?: string; url?: string };
        if (type !== 'health' || url === undefined) return;
        entry.healthUrl = url;
        entry.answeredAt = performance.now();
      },
      onExit: ({ expected, code, signal }) => {
        this.running.delete(name);
        if (!expected && !this.stopping)
          void this.revive(name, { code, signal, ranMs: performance.now() - entry.startedAt });
      },
    });
    const entry: Entry = { process, startedAt: performance.now(), answeredAt: performance.now(), asking: false };
    this.running.set(name, entry);
  }

  private async revive(
    name: string,
    { code, signal, ranMs }: { code: number | null; signal: NodeJS.Signals | null; ranMs: number },
  ): Promise<void> {
    const { say, onBroken, logFile } = this.options;
    const before = ranMs >= RAN_WELL_MS ? 0 : (this.deaths.get(name) ?? 0);
    this.deaths.set(name, before + 1);
    const how = signal ? `信号 ${signal}` : `状态 ${code}`;
    if (code === CONFIG_STATUS || (!this.complete && before >= HOPELESS)) {
      onBroken(`服务 ${name} 无法启动（${how}），日志见 ${logFile(name)}`);
      return;
    }
    const delay = restartDelay(before);
    const again = before > 0 ? `，连续第 ${before + 1} 次` : '';
    say(`服务 ${name} 意外退出（${how}${again}），${delay / 1000} 秒后重启，日志见 ${logFile(name)}`);
    await sleep(delay, undefined, { ref: false });
    await this.startAgain(name);
  }

  private async startAgain(name: string): Promise<void> {
    for (;;) {
      try {
        await this.options.beforeStart?.();
        if (!this.stopping) this.start(name);
        return;
      } catch (error) {
        if (this.stopping) return;
        // Not even its log could be opened.
        this.options.say(`服务 ${name} 无法启动：${(error as Error).message}，稍后再试`);
        await sleep(LAST_DELAY_MS, undefined, { ref: false });
      }
    }
  }

  private askAll(): void {
    for (const [name, entry] of this.running) {
      if (!entry.asking && entry.healthUrl !== undefined) void this.ask(entry, entry.healthUrl);
      this.judge(name, entry);
    }
  }

  /** An answer may come late: a process that computes is not one that hangs. */
  private async ask(entry: Entry, url: string): Promise<void> {
    entry.asking = true;
    if (await isAlive(url, this.options.hangMs)) entry.answeredAt = performance.now();
    entry.asking = false;
  }

  private judge(name: string, entry: Entry): void {
    const { hangMs, say } = this.options;
    const silentMs = performance.now() - entry.answeredAt;
    const limitMs = entry.healthUrl === undefined ? Math.max(hangMs, START_MS) : hangMs;
    if (silentMs < limitMs || this.stopping) return;
    say(`服务 ${name} 已有 ${Math.round(silentMs / 1000)} 秒没有回应健康检查，强制结束`);
    entry.answeredAt = performance.now();
    entry.process.kill();
  }
}

async function isAlive(url: string, timeoutMs: number): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(timeoutMs) })).ok;
  } catch {
    return false;
  }
}
