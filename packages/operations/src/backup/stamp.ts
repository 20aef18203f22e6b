const MINUTE_MS = 60_000;

/** An instant in a county's time: `20261130-164533` for names, ISO 8601 with offset for people. */
export function localStamp(ms: number, timeZone: string): { name: string; iso: string } {
  const text = new Date(ms).toLocaleString('sv-SE', { timeZone });
  const minutes = Math.round((Date.parse(`${text.replace(' ', 'T')}Z`) - Math.floor(ms / 1000) * 1000) / MINUTE_MS);
  const two = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return { name: text.replace(/[-:]/g, '').replace(' ', '-'), iso: `${text.replace(' ', 'T')}${offset}` };
}
