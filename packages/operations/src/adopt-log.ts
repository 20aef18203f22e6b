import { badRequest, failed, ingestorGroup } from '@pingan/contracts';
import { checkLogBy, type LogProblem, type LogVerdict, problemTexts } from '@pingan/intake';
import type { LogAdmin } from '@pingan/messaging';
import type { KnownLog } from '@pingan/store';
import { withAdmin } from './brokers.js';
import type { Installation } from './installation.js';
import { logVerdict } from './log/fit.js';
import { withStandstill } from './log/standstill.js';

export interface AdoptLogOptions {
  /** Messages that may be missing for good: those Kafka deleted before they were stored. */
  lose: bigint;
}

const deletedIn = (problems: readonly LogProblem[]): bigint =>
  problems.reduce((sum, one) => sum + (one.kind === 'deleted' ? one.low - one.next : 0n), 0n);

const withNewLog = (problems: readonly LogProblem[]): Set<string> =>
  new Set(problems.flatMap((one) => (one.kind === 'replaced' || one.kind === 'shorter' ? [one.topic] : [])));

/** @throws Refusal for problems that no new epoch mends. */
export function refuseOthers(problems: readonly LogProblem[]): void {
  const others = problems.filter(({ kind }) => kind === 'store_lost' || kind === 'topic_missing');
  if (others.length > 0) throw failed(problemTexts(others).join('\n'));
}

/** What keeps the log from being read on, and how many messages Kafka deleted before they were stored. */
export async function logToAdopt(installation: Installation): Promise<{ problems: LogProblem[]; deleted: bigint }> {
  const { problems } = await logVerdict(installation);
  return { problems: [...problems], deleted: deletedIn(problems) };
}

/** A topic's next epoch, counted from 0. */
export interface Adopted {
  topic: string;
  epoch: number;
}

/**
 * Goes on from a log that is not the one the store was filled from. Whole topics are read from their beginning under the next epoch:
 * what is in the store already is the same version and counts once.
 */
export async function adoptLog(installation: Installation, { lose }: AdoptLogOptions): Promise<Adopted[]> {
  return withStandstill(installation, async (standstill) => {
    await standstill.also('computing');
    return withAdmin(installation, async (admin) => {
      const verdict = await checkLogBy(admin, installation.store, { thorough: true });
      refuseOthers(verdict.problems);
      if (deletedIn(verdict.problems) > lose) throw badRequest('日志又有变化，请再运行一次 pingan adopt-log。');
      return adopt(installation, admin, verdict);
    });
  });
}

/**
 * Notes the next epoch of every topic with a new log and moves the group to where that begins; a gap is passed over. Until the
 * group is moved the log has no id, so that one who dies in between leaves a log that does not fit.
 */
async function adopt(installation: Installation, admin: LogAdmin, verdict: LogVerdict): Promise<Adopted[]> {
  const topics = withNewLog(verdict.problems);
  const { state, epochs, problems } = verdict;
  const next = state.topics
    .filter(({ topic }) => topics.has(topic))
    .map(
      ({ topic, id, partitions }): KnownLog => ({
        topic,
        epoch: (epochs.get(topic) ?? 0) + 1,
        topic_id: id,
        cluster_id: state.clusterId,
        partitions: partitions.length,
      }),
    );
  await installation.store.logs.note(next.map((log) => ({ ...log, topic_id: '' })));
  const gaps = problems.filter((one) => one.kind === 'deleted');
  const moves = state.topics
    .map(({ topic, partitions }) => ({
      topic,
      partitions: partitions
        .filter(
          ({ partition }) =>
            topics.has(topic) || gaps.some((gap) => gap.topic === topic && gap.partition === partition),
        )
        .map(({ partition, low }) => ({ partition, offset: low })),
    }))
    .filter(({ partitions }) => partitions.length > 0);
  await admin.moveGroup(ingestorGroup, moves);
  await installation.store.logs.note(next);
  return next.map(({ topic, epoch }) => ({ topic, epoch }));
}
