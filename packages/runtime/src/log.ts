import { type Logger as PinoLogger, pino } from 'pino';

export type Logger = PinoLogger;

const pad = (value: number, length = 2) => String(value).padStart(length, '0');

/** ISO 8601 by the clocks of this machine, with their offset: `2026-11-30T20:56:24.524+08:00`. */
export function localIso(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const away = Math.abs(minutes);
  const offset = `${minutes < 0 ? '-' : '+'}${pad(Math.floor(away / 60))}:${pad(away % 60)}`;
  return `${new Date(at.getTime() + minutes * 60_000).toISOString().slice(0, -1)}${offset}`;
}

/** JSON lines on standard output; never put personal data or message contents into a line. */
export function createLogger(service: string, level = 'info'): Logger {
  const timestamp = () => `,"time":"${localIso(new Date())}"`;
  return pino({ level, base: { service, pid: process.pid }, timestamp });
}
