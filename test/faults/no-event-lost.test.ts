/**
 * Promise: no event is lost.
 *
 * Mechanism: the offset of a window is committed only after the window is in ClickHouse. Redis holds nothing that Kafka
 * cannot replay: a job or its bytes that are gone are put there again by the ingestor, which waits for them.
 *
 * Excluded: a Kafka that loses acknowledged messages (one broker whose disk is gone, replication of one), offsets that
 * someone moves forward by hand, a ClickHouse that loses rows it has acknowledged (a power cut within the seconds before
 * they are on the disk).
 */
import { builtinCounty } from '@pingan/regions';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Account, openAccount } from '../harness/account.js';
import { moments, placeOf, type State, stateOf } from '../harness/moments.js';
import { until } from '../harness/poll.js';
import { type FaultyPipeline, openFaultyPipeline } from '../harness/proxies.js';

const county = builtinCounty('610222')!;
let pipeline: FaultyPipeline;
let account: Account;

beforeAll(async () => {
  pipeline = await openFaultyPipeline({ env: { WINDOW_MESSAGES: '50', STORE_CONCURRENCY: '2' } });
  await pipeline.store.counties.save(county);
  account = openAccount(pipeline, county);
});
afterEach(() => pipeline?.releaseAll());
afterAll(() => pipeline?.close());

interface Kill {
  service: 'ingestor' | 'aggregator';
  title: string;
  moment: keyof typeof moments;
  /** What must hold of the window at that moment: this proves that the kill falls between the two steps. */
  proof: Partial<State>;
}

const kills: Kill[] = [
  {
    service: 'ingestor',
    title: 'after read, before its messages are in Redis',
    moment: 'beforeEnqueue',
    proof: { bytes: false, job: false, stored: false, committed: false },
  },
  {
    service: 'ingestor',
    title: 'after its messages are in Redis, before the job is',
    moment: 'beforeJob',
    proof: { bytes: true, job: false, stored: false, committed: false },
  },
  { service: 'ingestor', title: 'after enqueue', moment: 'afterJob', proof: { stored: true, committed: false } },
  {
    service: 'ingestor',
    title: 'after the window is stored, before its offset is committed',
    moment: 'beforeCommit',
    proof: { stored: true, committed: false },
  },
  {
    service: 'ingestor',
    title: 'after the commit, before it has heard of it',
    moment: 'afterCommit',
    proof: { stored: true, committed: true },
  },
  {
    service: 'aggregator',
    title: 'after the job is taken',
    moment: 'beforeFetchingBytes',
    proof: { bytes: true, job: true, stored: false, committed: false },
  },
  {
    service: 'aggregator',
    title: 'before the insert',
    moment: 'beforeInsert',
    proof: { bytes: true, job: true, stored: false, committed: false },
  },
  {
    service: 'aggregator',
    title: 'after the insert, before it has heard of it',
    moment: 'afterInsert',
    proof: { bytes: true, job: true, stored: true, committed: false },
  },
  {
    service: 'aggregator',
    title: 'after the insert, before the messages are dropped from Redis',
    moment: 'beforeDroppingBytes',
    proof: { bytes: true, job: true, stored: true, committed: false },
  },
  {
    service: 'aggregator',
    title: 'after the mark, before the job is finished',
    moment: 'beforeCompletion',
    proof: { bytes: false, job: true, stored: true, committed: false },
  },
  {
    service: 'aggregator',
    title: 'after the job is finished, before it has heard of it',
    moment: 'afterCompletion',
    proof: { bytes: false, job: false, stored: true },
  },
];

test.each(kills)('kill -9 of the $service $title', { timeout: 90_000 }, async ({ service, moment, proof }) => {
  const hold = moments[moment](pipeline.at[service]);
  await account.send(account.fresh(120));
  const place = placeOf(await hold.hit())!;
  // After the hold other processes may still be on their way to the state; it is not left before the kill.
  await until(
    'the fault hits',
    async () => {
      expect(await stateOf(pipeline, place)).toMatchObject(proof);
      return true;
    },
    { deadlineMs: 15_000 },
  );
  await pipeline.services[service].kill9();
  pipeline.at[service].clear();
  await pipeline.services[service].start();
  await account.expectExact();
});
