import { readFileSync } from 'node:fs';

const KILOBYTE = 1024;

/** Highest resident memory of a process so far, in bytes, as the kernel counts it (Linux only). */
export function peakMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const found = /^VmHWM:\s+(\d+) kB/m.exec(status);
  return Number(found?.[1] ?? 0) * KILOBYTE;
}

/** The kernel counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time a process has used so far, all threads (Linux only). */
export function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** What one process used between `watch` and now. */
export interface Usage {
  processor_seconds: number;
  peak_mebibytes: number;
}

/** Notes what processes have used until now; the function it returns tells what they used since. */
export function watch(pids: Readonly<Record<string, number | undefined>>): () => Record<string, Usage> {
  const known = Object.entries(pids).flatMap(([name, pid]) => (pid === undefined ? [] : [{ name, pid }]));
  const before = known.map(({ name, pid }) => ({ name, pid, seconds: processorSeconds(pid) }));
  return () =>
    Object.fromEntries(
      before.map(({ name, pid, seconds }) => [
        name,
        {
          processor_seconds: processorSeconds(pid) - seconds,
          peak_mebibytes: Math.round(peakMemory(pid) / 2 ** 20),
        },
      ]),
    );
}
