export const MAPPING_SUFFIX = '.mapping.yaml';
export const ERROR_SUFFIX = '.error.txt';

export function isLedgerName(name: string): boolean {
  return !name.startsWith('.') && ![MAPPING_SUFFIX, ERROR_SUFFIX, '.tmp'].some((end) => name.endsWith(end));
}
