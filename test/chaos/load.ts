import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Endpoints, endpointsToEnv } from '@pingan/local-engines';
import type { LoaderJob, Position } from './loader.js';

/** The loader's process, started again whenever it was killed, from where Kafka had acknowledged. */
export class Load {
  private readonly at: Position = { byte: 0, line: 0 };
  /** Where Kafka's acknowledgements ended, one after the other. */
  private readonly passed: Position[] = [{ byte: 0, line: 0 }];
  private child: ChildProcess | undefined;
  private allowed = 0;
  private ended = false;

  constructor(private readonly options: { endpoints: Endpoints; file: string; count: number; logFile: string }) {
    this.start();
  }

  /** Messages that Kafka has acknowledged. */
  get sent(): number {
    return this.at.line;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** It has something to send just now. */
  get isWorking(): boolean {
    return this.child !== undefined && this.at.line < Math.min(this.allowed, this.options.count);
  }

  allow(count: number): void {
    this.allowed = count;
    if (this.child?.connected) this.child.send({ allowed: count });
  }

  /** Sends the last messages once more, about as many, and goes on from there. */
  sendAgain(count: number): void {
    const from = this.passed.findLast(({ line }) => line <= this.at.line - count) ?? this.passed[0]!;
    Object.assign(this.at, from);
    this.child?.kill('SIGKILL');
  }

  stop(): void {
    this.ended = true;
    this.child?.kill('SIGKILL');
  }

  private start(): void {
    const { endpoints, file, count, logFile } = this.options;
    const job: LoaderJob = { file, at: { ...this.at } };
    const log = openSync(logFile, 'a');
    const child = fork(fileURLToPath(new URL('./loader.js', import.meta.url)), [JSON.stringify(job)], {
      stdio: ['ignore', log, log, 'ipc'],
      execArgv: [],
      env: { ...process.env, ...endpointsToEnv(endpoints) },
    });
    closeSync(log);
    this.child = child;
    child.on('message', (message) => {
      // One that was killed may still have something to say.
      if (child !== this.child || child.killed) return;
      Object.assign(this.at, (message as { at: Position }).at);
      this.passed.push({ ...this.at });
    });
    child.on('error', () => undefined);
    child.on('exit', () => {
      this.child = undefined;
      if (!this.ended && this.at.line < count) this.start();
    });
    this.allow(this.allowed);
  }
}
