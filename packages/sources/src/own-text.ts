/**
 * A copy of a text that may be kept. A piece cut from a chunk of a file keeps the whole chunk in memory for as long as the
 * piece is kept (V8 shares the characters), so anything remembered beyond its row must be copied.
 */
export function ownText(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
