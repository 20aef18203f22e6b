import { addMonths, ingestorGroup, type Stream, streams, topicOf } from '@pingan/contracts';
import { loadStream } from '@pingan/demo-county';
import { builtinCounty, type County } from '@pingan/regions';
import { expect } from 'vitest';
import { componentsOf, ledgerOf } from '../oracle/index.js';
import { componentDifferences } from './compare.js';
import type { RawMessage } from './kafka.js';
import type { Pipeline } from './pipeline.js';
import { DEADLINE_MS, until } from './poll.js';

const union = (part: (stream: Stream) => string) => streams.map(part).join(' UNION ALL ');

/** The month so many months ago. */
export const monthsAgo = (months: number): string => addMonths(new Date().toISOString().slice(0, 7), -months);

/** A county whose months are scored from a month on only: what lies before costs the scorer nothing. */
export const countyFrom = (startMonth: string): County => ({ ...builtinCounty('610222')!, startMonth });

/** What was sent to a pipeline, and whether what it holds is exactly that. The reckoning is the oracle's. */
export function openAccount(pipeline: Pipeline, county: County, options: { from?: string } = {}) {
  const sent: RawMessage[] = [];
  let month = options.from ?? '2021-01';

  /** Events that nobody has sent yet, each of a case of its own, in months that only they have and that are over. */
  const fresh = (count: number, months = 1): RawMessage[] => {
    const from = month;
    month = addMonths(month, months);
    if (month > monthsAgo(0)) throw new Error(`the months from ${from} on are not over: begin earlier`);
    const knownAt = Date.now();
    return Array.from(loadStream({ county, seed: 3, count, from, months, knownAt }), ({ stream, key, value }) => ({
      topic: topicOf(stream),
      key,
      value,
    }));
  };

  const send = async (messages: readonly RawMessage[], options?: Parameters<Pipeline['kafka']['send']>[1]) => {
    sent.push(...messages);
    await pipeline.kafka.send(messages, options);
  };

  /** `rows` lie in the tables, `kept` of them are left once rows with one key are replaced, of `versions` of cases. */
  const stored = async (): Promise<{ rows: number; kept: number; versions: number }> => {
    const [row] = await pipeline.sql<{ rows: number; kept: number; versions: number }>(
      `SELECT sum(a) AS rows, sum(b) AS kept, sum(c) AS versions FROM (${union(
        (
          stream,
        ) => `SELECT (SELECT count() FROM ${stream}_cases) AS a, (SELECT count() FROM ${stream}_cases FINAL) AS b,
          (SELECT uniqExact(county, source, case_id, version) FROM ${stream}_cases) AS c`,
      )})`,
    );
    return row!;
  };

  /** Every message is stored, once, or is a dead letter. */
  const expectStored = async (deadlineMs = DEADLINE_MS): Promise<void> => {
    await pipeline.kafka.caughtUp(deadlineMs);
    const ledger = ledgerOf(sent, county);
    const { kept, versions } = await stored();
    const letters = await pipeline.store.deadLetters.countByReason();
    expect({ kept, versions, dead: letters.reduce((sum, { count }) => sum + count, 0) }).toEqual({
      kept: ledger.versions,
      versions: ledger.versions,
      dead: ledger.bad,
    });
  };

  /** And the monthly components are those of what was sent. */
  const expectExact = async (deadlineMs = DEADLINE_MS): Promise<void> => {
    await expectStored(deadlineMs);
    // Older components may be right by chance, e.g. when everything is sent a second time.
    await componentsCover(pipeline, county, deadlineMs);
    const ledger = ledgerOf(sent, county);
    const sums = componentsOf(ledger.cases, county);
    let differences: string[] = [];
    await until(
      'the components are those of what was sent',
      async () => {
        differences = await componentDifferences(pipeline, county, sums);
        return differences.length === 0;
      },
      { deadlineMs, everyMs: 250 },
    ).catch(() => undefined);
    expect(differences).toEqual([]);
  };

  return { sent, fresh, send, stored, expectStored, expectExact };
}

export type Account = ReturnType<typeof openAccount>;

/** Next offset the ingestor will read of each topic and partition, as `topic/partition`; absent when none is committed. */
export async function committedOffsets(pipeline: Pipeline): Promise<Map<string, number>> {
  const found = await pipeline.kafka.withAdmin((admin) =>
    admin.fetchOffsets({ groupId: ingestorGroup, topics: streams.map(topicOf) }),
  );
  const entries = found.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition, offset }): [string, number] => [`${topic}/${partition}`, Number(offset)]),
  );
  return new Map(entries.filter(([, offset]) => offset >= 0));
}

/** Waits until the components of a county rest on everything that is committed now. */
export async function componentsCover(pipeline: Pipeline, county: County, deadlineMs: number): Promise<void> {
  const epochs = new Map((await pipeline.store.logs.known()).map(({ topic, epoch }) => [topic, epoch]));
  const ends = [...(await committedOffsets(pipeline))].map(([place, offset]) => {
    const [topic, partition] = place.split('/') as [string, string];
    return { topic, partition: Number(partition), position: (epochs.get(topic) ?? 0) * 2 ** 40 + offset };
  });
  const covered = async () => {
    const { watermark = {} } = (await pipeline.store.components.state(county.code)) ?? {};
    return ends.every(({ topic, partition, position }) => Number(watermark[topic]?.[partition] ?? 0) >= position);
  };
  await until('components are computed to the end of the log', covered, { deadlineMs });
}
