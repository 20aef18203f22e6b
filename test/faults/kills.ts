import type { Moment, State } from '../harness/moments.js';

export interface Kill {
  service: 'ingestor' | 'aggregator';
  title: string;
  moment: Moment;
  /** What must hold of the window at that moment: this proves that the kill falls between the two steps. */
  proof: Partial<State>;
  /** In `npm test` too: of each service the places where it knows least of what it has done. */
  always?: true;
}

/** kill -9 between any two steps of a window's way from Kafka into ClickHouse. */
export const kills: Kill[] = [
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
    always: true,
  },
  { service: 'ingestor', title: 'after enqueue', moment: 'afterJob', proof: { stored: true, committed: false } },
  {
    service: 'ingestor',
    title: 'after the window is stored, before its offset is committed',
    moment: 'beforeCommit',
    proof: { stored: true, committed: false },
    always: true,
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
    always: true,
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
