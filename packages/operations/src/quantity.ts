const UNITS = ['KB', 'MB', 'GB', 'TB'];
const STEP = 1024;

/** `3.1 MB`. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = '字节';
  for (const next of UNITS) {
    if (value < STEP) break;
    value /= STEP;
    unit = next;
  }
  return `${unit === '字节' || value >= 100 ? Math.round(value) : value.toFixed(1)} ${unit}`;
}

/** `1,320`. */
export const countText = (count: number | bigint): string => count.toLocaleString('en-US');
