import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { addMonths, type Stream, streams, topicOf } from '@pingan/contracts';
import { loadStream } from '@pingan/demo-county';
import { type County, localMonthStart } from '@pingan/regions';
import { randomOf } from '../harness/random.js';

/** Shares of what is not simply a new case. */
const CORRECTED = 0.08;
const RETRACTED = 0.03;
const REPEATED = 0.03;
const BAD = 0.01;

/** Corrections, retractions and repetitions are of one of so many last cases. */
const RECENT = 5_000;

export const months = { from: '2025-01', count: 6 };

export interface Line {
  topic: string;
  key: string;
  value: string;
}

/** What the messages say by themselves, in plain TypeScript: nothing of the product's path is used. */
export interface Expected {
  /** Per stream `source|case|version` → `op|region`. */
  versions: Record<Stream, Map<string, string>>;
  /** Keys of the messages that can only be set aside. */
  bad: Set<string>;
}

interface Recent {
  stream: Stream;
  key: string;
  event: Record<string, unknown> & { version: number; source: string; case_id: string };
}

const badMessages: readonly ((sound: Recent['event'], stream: Stream) => { value: string; topic?: string })[] = [
  () => ({ value: '{"schema":"police.incident/1", cut short' }),
  () => ({ value: '' }),
  (sound) => ({ value: JSON.stringify({ ...sound, schema: 'police.incident/99' }) }),
  (sound) => ({ value: JSON.stringify({ ...sound, occurred_at: 'yesterday' }) }),
  (sound) => ({ value: JSON.stringify({ ...sound, region_code: '999999999' }) }),
  (sound) => ({ value: JSON.stringify({ ...sound, county: '999999' }) }),
  (sound) => ({ value: JSON.stringify({ ...sound, note: 'x'.repeat(70_000) }) }),
  (sound, stream) => ({
    value: JSON.stringify(sound),
    topic: topicOf(streams[(streams.indexOf(stream) + 1) % streams.length]!),
  }),
];

/**
 * Writes `count` messages, one JSON line each: new cases, corrections that move a case to another township, retractions,
 * repetitions and bad messages, all from the seed. Returns what they say.
 */
export async function writeMessages(options: {
  file: string;
  county: County;
  count: number;
  seed: number;
}): Promise<Expected> {
  const { file, county, count, seed } = options;
  const random = randomOf(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const regions = county.regions.regions.map(({ code }) => code);
  // What a source knew then: the path refuses what comes from the future.
  const knownAt = localMonthStart(addMonths(months.from, months.count), county.timeZone);
  const fresh = loadStream({ county, seed, count, from: months.from, months: months.count, knownAt });
  const recent: Recent[] = [];
  const expected: Expected = {
    versions: Object.fromEntries(streams.map((stream) => [stream, new Map()])) as Expected['versions'],
    bad: new Set(),
  };
  const out = createWriteStream(file);
  const write = async (line: Line): Promise<void> => {
    if (!out.write(`${JSON.stringify(line)}\n`)) await once(out, 'drain');
  };
  const send = async ({ stream, key, event }: Recent): Promise<void> => {
    const { source, case_id, version, op, region_code } = event;
    expected.versions[stream].set(`${source}|${case_id}|${version}`, `${op}|${region_code}`);
    await write({ topic: topicOf(stream), key, value: JSON.stringify(event) });
  };

  for (let i = 0; i < count; i += 1) {
    const luck = random();
    const earlier = recent.length > 100 ? pick(recent) : undefined;
    if (earlier && luck < BAD) {
      const { value, topic } = pick(badMessages)(earlier.event, earlier.stream);
      const key = `bad-${i}`;
      expected.bad.add(key);
      await write({ topic: topic ?? topicOf(earlier.stream), key, value });
    } else if (earlier && luck < BAD + REPEATED) await send(earlier);
    else if (earlier && luck < BAD + REPEATED + CORRECTED + RETRACTED) {
      const retracted = luck >= BAD + REPEATED + CORRECTED;
      earlier.event = {
        ...earlier.event,
        version: earlier.event.version + 1,
        ...(retracted ? { op: 'retract', body: { reason: 'chaos' } } : { region_code: pick(regions) }),
      };
      await send(earlier);
      // A retracted case stays retracted: its body is gone.
      if (retracted) recent.splice(recent.indexOf(earlier), 1);
    } else {
      const { value: made, done } = fresh.next();
      if (done) throw new Error('the generator ended early');
      const one: Recent = { stream: made.stream, key: made.key, event: JSON.parse(made.value) };
      await send(one);
      if (recent.length < RECENT) recent.push(one);
      else recent[Math.floor(random() * RECENT)] = one;
    }
  }
  out.end();
  await once(out, 'finish');
  return expected;
}
