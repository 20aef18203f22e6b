// Also read by the launcher's TypeScript, so that every line of a start has the same clock.

const pad = (value) => String(value).padStart(2, '0');

/** Month, day and time of this machine's zone, which is named where it is not China's: `11-30 20:56:24`. */
export function clockText(at = new Date()) {
  const minutes = -at.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  const offset = `${sign}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`;
  const day = `${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(pad).join(':');
  return `${day} ${time}${offset === '+08:00' ? '' : offset}`;
}

/** A line of a start: when it was written and, in words, how long the step took. */
export function stepLine(text, elapsedMs) {
  const took = elapsedMs === undefined ? '' : `（用时 ${(elapsedMs / 1000).toFixed(1)} 秒）`;
  return `[${clockText()}] ${text}${took}`;
}
