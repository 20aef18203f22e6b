import type { PingAnEvent } from '@pingan/contracts';
import { CaseFacts, type SourceKey, type Store } from '@pingan/store';
import { textDigest } from './text-digest.js';

/** What was stored before of deliveries of one and the same time. */
export interface EarlierVersions {
  /** The version of a row that would otherwise be `from`. */
  place: (event: PingAnEvent, from: number) => number;
}

/** More rows of one case, and corrections of it, than one delivery time can have. */
const SPAN = 10_000;

const DOUBLE_BITS = 53;
const asNumber = (digest: bigint): number => Number(BigInt.asUintN(DOUBLE_BITS, digest));

/**
 * Deliveries of the same time (stated to the day or minute, or files with one mtime) would give different contents one
 * version, and a digest would decide which counts. So a row that says what is stored already has the version it is stored
 * under, and one that says something new comes behind everything stored for its case: the later import counts, and the
 * same delivery twice is the same versions.
 *
 * Undefined, after one cheap statement, where nothing of that time is stored: the usual case. Otherwise three numbers per
 * case are held.
 */
export async function earlierVersions(
  { deliveries }: Pick<Store, 'deliveries'>,
  key: SourceKey & { timeZone: string },
  delivered: number,
): Promise<EarlierVersions | undefined> {
  const { stream, county, source, timeZone } = key;
  const ofSource = { stream, county, source };
  const range = { from: delivered, to: delivered + SPAN };
  if ((await deliveries.countVersions(ofSource, range)) === 0) return undefined;
  const starts = new Map<number, number>();
  const cases: number[] = [];
  const versions: number[] = [];
  const contents: number[] = [];
  for await (const page of deliveries.versionsIn(ofSource, range)) {
    for (const { case_id, version, digest } of page) {
      const id = textDigest(case_id);
      if (cases.at(-1) !== id) starts.set(id, cases.length);
      cases.push(id);
      versions.push(version);
      contents.push(asNumber(digest));
    }
  }
  const facts = new CaseFacts(stream);
  return {
    place: (event, from) => {
      const id = textDigest(event.case_id);
      const start = starts.get(id);
      if (start === undefined) return from;
      const content = asNumber(facts.of(event, { partition: 0, offset: 0, timeZone }).digest);
      let next = delivered;
      for (let at = start; cases[at] === id && versions[at]! <= next; at += 1) {
        const version = versions[at]!;
        // Under a version with two contents a digest decides: the row needs one of its own.
        const isAlone = versions[at - 1] !== version || cases[at - 1] !== id;
        const isLast = versions[at + 1] !== version || cases[at + 1] !== id;
        if (version >= from && contents[at] === content && isAlone && isLast) return version;
        next = version + 1;
      }
      return Math.max(from, next);
    },
  };
}
