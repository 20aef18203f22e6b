import { badRequest, failed, ingestorGroup } from '@pingan/contracts';
import { checkLogBy, type LogProblem, type LogVerdict, problemTexts } from '@pingan/intake';
import { type LogAdmin, moveGroup } from '@pingan/messaging';
import type { KnownLog } from '@pingan/store';
import { withAdmin } from '../brokers.js';
import type { Context } from '../context.js';
import { logVerdict } from '../log/fit.js';
import { withStandstill } from '../log/standstill.js';

export interface AdoptLogOptions {
  yes: boolean;
  /** Messages that may be missing for good: those Kafka deleted before they were stored. */
  lose: bigint;
}

const deletedIn = (problems: readonly LogProblem[]): bigint =>
  problems.reduce((sum, one) => sum + (one.kind === 'deleted' ? one.low - one.next : 0n), 0n);

const withNewLog = (problems: readonly LogProblem[]): Set<string> =>
  new Set(problems.flatMap((one) => (one.kind === 'replaced' || one.kind === 'shorter' ? [one.topic] : [])));

/** @throws Refusal for problems that no new epoch mends. */
function refuseOthers(problems: readonly LogProblem[]): void {
  const others = problems.filter(({ kind }) => kind === 'store_lost' || kind === 'topic_missing');
  if (others.length > 0) throw failed(problemTexts(others).join('\n'));
}

/**
 * `pingan adopt-log`: goes on from a log that is not the one the store was filled from. Whole topics are read from their
 * beginning under the next epoch: what is in the store already is the same version and counts once.
 */
export async function adoptLogCommand(context: Context, { yes, lose }: AdoptLogOptions): Promise<void> {
  const { problems } = await logVerdict(context);
  if (problems.length === 0) {
    context.out('日志与库相符，不需要接续。');
    return;
  }
  for (const text of problemTexts(problems)) context.out(text);
  refuseOthers(problems);
  const deleted = deletedIn(problems);
  if (!yes) {
    throw badRequest(
      `接续之后，上述主题从头读取为新的一段日志；已入库的案件版本都保留，重复的消息不重复计数。确定要做，请加 --yes${deleted > 0n ? ` --lose ${deleted}` : ''}。`,
    );
  }
  if (deleted > lose) {
    throw badRequest(
      `有 ${deleted} 条消息没有入库就已被删除，无法找回。请先由来源系统补报；确认接受缺失后，请加 --lose ${deleted}。`,
    );
  }
  await withStandstill(context, async (standstill) => {
    await standstill.also('computing');
    await withAdmin(context, async (admin) => {
      const verdict = await checkLogBy(admin, context.store, { thorough: true });
      refuseOthers(verdict.problems);
      if (deletedIn(verdict.problems) > lose) throw badRequest('日志又有变化，请再运行一次 pingan adopt-log。');
      await adopt(context, admin, verdict);
    });
  });
  context.out('已接续。ingestor 几秒内开始读取；进度见 pingan status。');
}

/**
 * Notes the next epoch of every topic with a new log and moves the group to where that begins; a gap is passed over. Until the
 * group is moved the log has no id, so that one who dies in between leaves a log that does not fit.
 */
export async function adopt(context: Context, admin: LogAdmin, verdict: LogVerdict): Promise<void> {
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
  await context.store.logs.note(next.map((log) => ({ ...log, topic_id: '' })));
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
  await moveGroup(admin, ingestorGroup, moves);
  await context.store.logs.note(next);
  for (const { topic, epoch } of next) context.out(`${topic}：第 ${epoch + 1} 段日志，从头读取。`);
}
