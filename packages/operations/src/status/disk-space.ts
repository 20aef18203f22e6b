export interface DiskSpace {
  freeBytes: number;
  sizeBytes: number;
}

const LEAST_SHARE = 0.1;
const LEAST_BYTES = 2 * 1024 ** 3;

/** Less than a tenth or 2 GB left: engines need space to merge and to compact before they are full. */
export function isShort({ freeBytes, sizeBytes }: DiskSpace): boolean {
  return freeBytes < LEAST_BYTES || freeBytes < sizeBytes * LEAST_SHARE;
}
