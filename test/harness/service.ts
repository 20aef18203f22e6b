import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type SupervisedProcess, superviseProcess } from '@pingan/local-engines';
import { until } from './poll.js';

export type ServiceName = 'ingestor' | 'aggregator' | 'scorer';
/** A process that no suite needs from the beginning. */
export type FurtherName = ServiceName | 'producer-police';

const STOP_MS = 25_000;

const moduleOf = (name: string) => fileURLToPath(new URL(`../../services/${name}/dist/main.js`, import.meta.url));

/** One service process. It ends with this process at the latest: its IPC channel closes. */
export function createService(
  name: FurtherName,
  options: {
    /** Read at each start, so that a test may change it. */
    env: () => Record<string, string | undefined>;
    logFile: string;
  },
) {
  let child: SupervisedProcess | undefined;

  const log = (): string => {
    try {
      return readFileSync(options.logFile, 'utf8');
    } catch {
      return '';
    }
  };
  const ready = () => log().split('"msg":"就绪"').length - 1;

  let supervised = false;
  const launch = () => {
    child = superviseProcess({ name, modulePath: moduleOf(name), env: options.env(), logFile: options.logFile });
    void child.exited.then(({ expected, signal }) => {
      if (supervised && !expected && signal === null) launch();
    });
  };

  const signal = (what: NodeJS.Signals) => {
    if (!child) throw new Error(`${name} is not running`);
    process.kill(child.pid, what);
  };

  return {
    name,
    log,
    launch,
    start: async () => {
      const before = ready();
      launch();
      await until(`${name} is ready`, () => ready() > before);
    },
    signal,
    kill9: async () => {
      signal('SIGKILL');
      if (!child) throw new Error(`${name} is not running`);
      const exit = await child.exited;
      if (exit.signal !== 'SIGKILL') throw new Error(`${name} had ended before it was killed: ${JSON.stringify(exit)}`);
      child = undefined;
    },
    /** From now on it is started again whenever it ends by itself, as a supervisor would. */
    supervise: () => {
      supervised = true;
    },
    /** The exit of a process that was told to stop; undefined when none ran. */
    stop: async () => {
      const running = child;
      child = undefined;
      return running?.stop(STOP_MS);
    },
    /** Log lines written from a position on, see `mark`. */
    since: (position: number) => log().slice(position),
    mark: () => log().length,
  };
}

export type Service = ReturnType<typeof createService>;
