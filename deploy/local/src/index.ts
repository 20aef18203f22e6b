import { Refusal } from '@pingan/contracts';
import { EngineError, readEndpoints, resolveHome } from '@pingan/local-engines';
import { coreServices, producerServices } from '@pingan/operations';
import { refusalText } from '@pingan/presentation';
import { checkLog, showDemo } from './demo.js';
import { onNpmGone } from './npm-parent.js';
import { type Pipeline, readBeats, startPipeline } from './pipeline.js';
import { runSample, samples } from './sample.js';
import { Steps } from './steps.js';

export { EngineWatch } from './engine-watch.js';
export { type Pipeline, serviceEnv, startPipeline } from './pipeline.js';
export { ServiceGroup } from './service-group.js';
export { Steps } from './steps.js';

const out = (text: string) => void process.stdout.write(`${text}\n`);
const note = (text: string) => void process.stderr.write(`${text}\n`);

const textOf = (error: unknown): string => (error instanceof Refusal ? refusalText(error) : (error as Error).message);

interface Interrupt {
  signal: AbortSignal;
  /** Resolves when the user or the system asks to stop. */
  asked: Promise<void>;
}

/** Ctrl-C and SIGTERM ask for an orderly stop; a second Ctrl-C ends at once (what was started ends by itself). */
function listenForStop(): Interrupt {
  const abort = new AbortController();
  const asked = new Promise<void>((resolve) => {
    const ask = () => {
      if (abort.signal.aborted) process.exit(130);
      abort.abort(new Error('已中断'));
      resolve();
    };
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, ask);
    onNpmGone(ask);
  });
  return { signal: abort.signal, asked };
}

async function stopPipeline(steps: Steps, pipeline: Pipeline | undefined): Promise<void> {
  if (pipeline) await steps.timed('服务与引擎已停止', () => pipeline.stop());
}

/** False when something is wrong that an operator has to decide about; everything stays up for that. */
async function doneOrProblem(step: () => Promise<void>): Promise<boolean> {
  try {
    await step();
    return true;
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== 'failed') throw error;
    note(refusalText(error));
    return false;
  }
}

async function start(args: string[]): Promise<number> {
  const unknown = args.filter((arg) => arg !== '--once' && arg !== '--no-demo');
  if (unknown.length > 0) {
    note(`不认识的选项：${unknown.join(' ')}。可用：--once（排名之后结束）、--no-demo（不登记示例县）`);
    return 2;
  }
  const once = args.includes('--once');
  const steps = new Steps(note);
  const interrupt = listenForStop();
  const home = resolveHome(process.env);
  let broken: (text: string) => void = () => undefined;
  const failed = new Promise<string>((resolve) => {
    broken = resolve;
  });
  let pipeline: Pipeline | undefined;
  let status = 0;
  try {
    pipeline = await startPipeline({
      home,
      services: [...producerServices, ...coreServices],
      steps,
      signal: interrupt.signal,
      onBroken: broken,
    });
    const { signal } = interrupt;
    const fits = await doneOrProblem(() =>
      args.includes('--no-demo') ? checkLog(out) : showDemo({ steps, signal, out, once }),
    );
    if (!fits) status = 1;
    if (!once) {
      steps.say(
        `${fits ? '全部就绪' : '已启动，但上述问题处理之前不读取日志'}，共 ${steps.totalSeconds.toFixed(0)} 秒。按 Ctrl-C 停止。`,
      );
      const reason = await Promise.race([interrupt.asked, failed]);
      if (reason !== undefined) {
        note(reason);
        status = 1;
      }
    }
  } catch (error) {
    if (!interrupt.signal.aborted) {
      note(textOf(error));
      if (error instanceof EngineError && error.hint) note(error.hint);
      status = 1;
    }
  }
  await stopPipeline(steps, pipeline);
  return interrupt.signal.aborted && once ? 130 : status;
}

/** Uses what is running, or starts engines and services for the time of the sample. */
async function sample(args: string[]): Promise<number> {
  const [name = ''] = args;
  const chosen = Object.hasOwn(samples, name) ? samples[name] : undefined;
  if (!chosen) {
    note(`没有样例 ${name}。可用：${Object.keys(samples).join('、')}`);
    return 2;
  }
  const home = resolveHome(process.env);
  const running = readEndpoints({ home, env: process.env });
  const alive = running ? new Set((await readBeats(running)).map(({ service }) => service)) : new Set();
  if (coreServices.every((service) => alive.has(service))) return runSample(name, chosen, { out, note });
  const interrupt = listenForStop();
  const steps = new Steps(note);
  let pipeline: Pipeline | undefined;
  try {
    pipeline = await startPipeline({ home, services: coreServices, steps, signal: interrupt.signal, onBroken: note });
    return await runSample(name, chosen, { out, note });
  } catch (error) {
    note(textOf(error));
    return 1;
  } finally {
    await stopPipeline(steps, pipeline);
  }
}

/** Runs `npm start` or `npm run sample`; returns the exit status. */
export async function launch(command: string, args: string[]): Promise<number> {
  if (command === 'start') return start(args);
  if (command === 'sample') return sample(args);
  note(`不认识的命令 ${command}`);
  return 2;
}
