const utf8 = new TextDecoder('utf-8');

/** What is written in place of bytes that are no character. */
const BROKEN = '\ufffd';

/**
 * The text of a small file that a person has saved: UTF-8, or GB18030 (of which GBK is a part) as WPS and Excel save it on a
 * Chinese Windows. Undefined where it is neither: damaged UTF-8 also has a reading as GB18030, so that is tried only where hardly
 * anything beyond ASCII is UTF-8. The byte order mark goes.
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  const text = utf8.decode(bytes);
  if (!text.includes(BROKEN)) return text;
  let broken = 0;
  let sound = 0;
  for (const character of text) {
    if (character === BROKEN) broken += 1;
    else if (character > '\u007f') sound += 1;
  }
  if (sound > broken) return undefined;
  try {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
