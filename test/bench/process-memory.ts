import { readFileSync } from 'node:fs';

const KILOBYTE = 1024;

/** Highest resident memory of a process so far, in bytes, as the kernel counts it (Linux only). */
export function peakMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const found = /^VmHWM:\s+(\d+) kB/m.exec(status);
  return Number(found?.[1] ?? 0) * KILOBYTE;
}
