import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from './log.js';
import { Metrics } from './metrics.js';
import { ANSWER_MS } from './within.js';
import { RunClock, TICK_MS, type Work, type WorkState, WorkWatch } from './work-watch.js';

export interface HealthOptions {
  service: string;
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Work that has not moved for this long while everything it needs answers is stuck. */
  stuckMs: number;
  log: Logger;
  /** Some work is stuck: only a new process helps. */
  onStuck: () => void;
}

/** Names and addresses by which programs of this machine ask. */
const ownName = /^(127(\.\d{1,3}){3}|localhost|\[?::1\]?)(:\d+)?$/i;

/** Looks per limit: what is stuck is noticed a fifteenth of the limit late at most. */
const LOOKS = 15;

/**
 * Answers `/healthz` (work moves), `/readyz` (started, not stopping, nothing it needs is away) and `/metrics`, and watches the
 * service's work by itself, so that a stuck one ends even when nobody asks.
 */
export class Health {
  readonly metrics: Metrics;
  private readonly server: Server;
  private readonly watches: { watch: WorkWatch; state: WorkState }[] = [];
  private readonly needs = new Map<string, () => boolean>();
  private readonly obstacles: (() => string | undefined)[] = [];
  private started = false;
  private stopping = false;
  private readonly clock = new RunClock();
  private readonly ticking: NodeJS.Timeout;
  private timer: NodeJS.Timeout | undefined;

  private constructor(private readonly options: HealthOptions) {
    this.metrics = new Metrics(options.service);
    this.ticking = setInterval(() => this.clock.tick(performance.now()), TICK_MS).unref();
    this.metrics.gauge({
      name: 'pingan_ready',
      help: '1 while the service is started and nothing it needs is away',
      read: (gauge) => gauge.set(this.notReady().length === 0 ? 1 : 0),
    });
    this.server = createServer((request, response) => {
      // A page of another site may give loopback a name of its own; it is not told how the county's data stand.
      if (ownName.test(options.host) && !ownName.test(request.headers.host ?? '')) {
        response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end('只接受本机访问\n');
        return;
      }
      void this.answer(request.url ?? '').then(({ status, type, body }) => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
      });
    });
  }

  /** @throws when the port is taken. */
  static async listen(options: HealthOptions): Promise<Health> {
    const health = new Health(options);
    await new Promise<void>((resolve, reject) => {
      health.server.once('error', reject);
      health.server.listen(options.port, options.host, resolve);
    });
    health.server.unref();
    return health;
  }

  get url(): string {
    const { address, port, family } = this.server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /** Something without which the service is not ready; `isThere` is asked often and must be cheap. */
  need(name: string, isThere: () => boolean): void {
    this.needs.set(name, isThere);
  }

  /** Something that only an operator can settle; `why` is asked often and must be cheap. */
  obstacle(why: () => string | undefined): void {
    this.obstacles.push(why);
  }

  watch(...works: readonly Work[]): void {
    const everyMs = this.options.stuckMs / LOOKS;
    for (const work of works) {
      const watch = new WorkWatch(work, { stuckMs: this.options.stuckMs, answerMs: ANSWER_MS });
      this.watches.push({ watch, state: { state: 'moving' } });
    }
    this.timer ??= setTimeout(() => void this.look(), everyMs).unref();
  }

  ready(): void {
    this.started = true;
  }

  /** Readiness goes off; work is not judged any more, the stop has its own deadline. */
  stop(): void {
    this.stopping = true;
    clearTimeout(this.timer);
    clearInterval(this.ticking);
  }

  private async look(): Promise<void> {
    await Promise.all(
      this.watches.map(async (entry) => {
        entry.state = await entry.watch.look(this.clock.ranMs);
      }),
    );
    if (this.stopping) return;
    const stuck = this.watches.filter(({ state }) => state.state === 'stuck');
    for (const { watch } of stuck) {
      const seconds = Math.round(this.options.stuckMs / 1000);
      this.options.log.error(
        { work: watch.work.name },
        `${watch.work.name}已有 ${seconds} 秒没有进展，而所需引擎均正常：退出并由看护重启`,
      );
    }
    if (stuck.length > 0) this.options.onStuck();
    this.timer = setTimeout(() => void this.look(), this.options.stuckMs / LOOKS).unref();
  }

  /** Why the service is not ready; empty when it is. */
  private notReady(): string[] {
    const waiting = this.watches.flatMap(({ state }) => (state.state === 'waiting' ? [`等待 ${state.for}`] : []));
    const away = [...this.needs].flatMap(([name, isThere]) => (isThere() ? [] : [`等待 ${name}`]));
    const phase = this.stopping ? ['正在停止'] : this.started ? [] : ['正在启动'];
    const held = this.obstacles.flatMap((why) => why() ?? []);
    return [...new Set([...phase, ...held, ...away, ...waiting])];
  }

  private async answer(path: string): Promise<{ status: number; type: string; body: string }> {
    const json = (ok: boolean, value: unknown) => ({
      status: ok ? 200 : 503,
      type: 'application/json; charset=utf-8',
      body: `${JSON.stringify(value)}\n`,
    });
    switch (path) {
      case '/healthz': {
        const alive = this.watches.every(({ state }) => state.state !== 'stuck');
        return json(alive, {
          alive,
          work: this.watches.map(({ watch, state }) => ({ name: watch.work.name, ...state })),
        });
      }
      case '/readyz': {
        const reasons = this.notReady();
        return json(reasons.length === 0, { ready: reasons.length === 0, reasons });
      }
      case '/metrics':
        return { status: 200, type: this.metrics.contentType, body: await this.metrics.text() };
      default:
        return { status: 404, type: 'text/plain; charset=utf-8', body: '/healthz /readyz /metrics\n' };
    }
  }
}
