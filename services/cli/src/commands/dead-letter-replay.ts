import {
  type DeadLetterReason,
  deadLetterReasonNames,
  deadLetterTopic,
  recordTypeNames,
  recordTypeOf,
  streamOfTopic,
} from '@pingan/contracts';
import { CountyRegistry, judge, type Verdict } from '@pingan/intake';
import { MessagePack, type RawMessage, unpackMessages } from '@pingan/messaging';
import { sheet } from '@pingan/presentation';
import { requireDeadLetters } from '@pingan/queries';
import type { ReplayOutcome, StoredDeadLetter } from '@pingan/store';
import { requireServices } from '../brokers.js';
import type { Context } from '../context.js';
import { logEnd, waitUntilStored } from '../operations.js';
import { dayIn } from '../reconcile/log-facts.js';
import { recomputeComponents, withStoreAgain } from '../reconcile/store-again.js';
import { messagesOf } from '../reconcile/withheld.js';
import { renderTable } from '../table.js';
import { deadLetterDetail } from './dead-letter.js';

export interface ReplayOptions {
  /** Either these letters, or all of one reason that no replay has stored yet. */
  ids: readonly string[];
  reason: DeadLetterReason | undefined;
  dryRun: boolean;
}

/** Letters held in memory and handed over at once; each may carry a megabyte. */
const PAGE = 50;
const SHOWN = 50;

interface Judged {
  letter: StoredDeadLetter;
  /** Undefined for a letter about something that is no event. */
  verdict: Verdict | undefined;
}

const notInLog = '含个人信息的原文不在库中，日志中也已没有';

/** Each letter with its message and what would become of it now. */
async function judgedPage(
  context: Context,
  letters: readonly StoredDeadLetter[],
  registry: CountyRegistry,
): Promise<(Judged & { message: RawMessage | undefined })[]> {
  const events = letters.filter(({ topic }) => streamOfTopic(topic) !== undefined);
  const messages = await messagesOf(context, events);
  return letters.map((letter) => {
    const stream = streamOfTopic(letter.topic);
    const message = messages.get(letter.id);
    if (!stream) return { letter, verdict: undefined, message };
    if (!message) return { letter, verdict: { kind: 'dead', reason: letter.reason, detail: notInLog }, message };
    const pack = new MessagePack();
    pack.add(message);
    const [packed] = unpackMessages(pack.bytes());
    return { letter, verdict: judge(stream, packed!, registry), message };
  });
}

async function* pagesOf(context: Context, { ids, reason }: ReplayOptions): AsyncGenerator<StoredDeadLetter[]> {
  const { deadLetters } = context.store;
  if (reason === undefined) {
    yield await requireDeadLetters(context.store, [...new Set(ids)]);
    return;
  }
  let after = '';
  for (;;) {
    const page = await deadLetters.open({ reason, after, limit: PAGE });
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)!.id;
  }
}

const passes = ({ verdict }: Judged) => verdict?.kind === 'store';

/** County, month and region a letter's case would be counted in; nothing for one that still fails. */
function placeOf({ verdict }: Judged) {
  if (verdict?.kind !== 'store') return undefined;
  const { event, county } = verdict;
  const { occurred_at: text } = event;
  const month = text.length > 10 ? dayIn(Date.parse(text), county.county.timeZone).slice(0, 7) : text.slice(0, 7);
  const region = county.county.regions.regions.find(({ code }) => code === event.region_code)?.name;
  return { event, county: county.county, month, region: region ?? event.region_code };
}

class Plan {
  readonly shown: Judged[] = [];
  readonly failing = new Map<string, number>();
  readonly months = new Map<string, number>();
  total = 0;
  passing = 0;

  add(one: Judged): void {
    this.total += 1;
    if (this.shown.length < SHOWN) this.shown.push(one);
    const place = placeOf(one);
    if (place) {
      this.passing += 1;
      const key = `${place.county.code} ${place.county.name} ${place.month} ${place.region}`;
      this.months.set(key, (this.months.get(key) ?? 0) + 1);
      return;
    }
    const reason = one.verdict?.kind === 'dead' ? one.verdict.reason : one.letter.reason;
    this.failing.set(reason, (this.failing.get(reason) ?? 0) + 1);
  }

  print({ out }: Context): void {
    out(
      renderTable(
        sheet(
          [
            { title: '编号', value: ({ letter }) => letter.id },
            { title: '现在', value: (one) => (passes(one) ? '可以入库' : '仍不能入库') },
            { title: '案件或原因', value: whatOf },
            { title: '县', value: (one) => placeOf(one)?.county.name ?? '—' },
            { title: '月份', value: (one) => placeOf(one)?.month ?? '—' },
            { title: '区域', value: (one) => placeOf(one)?.region ?? '—' },
          ],
          this.shown,
        ),
      ),
    );
    if (this.total > this.shown.length) out(`另有 ${this.total - this.shown.length} 条没有列出。`);
    out(`共 ${this.total} 条:可以入库 ${this.passing} 条,仍不能入库 ${this.total - this.passing} 条。`);
    for (const [reason, count] of this.failing)
      out(`  仍不能入库:${deadLetterReasonNames[reason as DeadLetterReason]} ${count} 条`);
    for (const [place, count] of [...this.months].sort().slice(0, SHOWN)) out(`  将计入:${place} ${count} 条`);
    if (this.months.size > SHOWN) out(`  另有 ${this.months.size - SHOWN} 个县、月、区域没有列出`);
  }
}

function whatOf(one: Judged): string {
  const place = placeOf(one);
  if (place) {
    const { event } = place;
    return `${recordTypeNames[recordTypeOf(event.schema)]} ${event.source} ${event.case_id} 版本 ${event.version}${event.op === 'retract' ? '(撤回)' : ''}`;
  }
  const { letter, verdict } = one;
  if (verdict?.kind !== 'dead') return deadLetterReasonNames[letter.reason];
  const detail = deadLetterDetail(verdict);
  return `${deadLetterReasonNames[verdict.reason]}${detail === '' ? '' : `:${detail}`}`;
}

/**
 * `pingan dead-letter replay`: tells what would change, then has the messages judged again at the offsets they have in the
 * log. One that fails again keeps its id, topic, partition and offset; nothing is sent to the log twice.
 */
export async function deadLetterReplay(context: Context, options: ReplayOptions): Promise<void> {
  const registry = new CountyRegistry(context.store);
  await registry.load();
  const plan = new Plan();
  for await (const page of pagesOf(context, options))
    for (const { letter, verdict } of await judgedPage(context, page, registry)) plan.add({ letter, verdict });
  if (plan.total === 0) {
    context.out('没有这样的死信。');
    return;
  }
  plan.print(context);
  if (options.dryRun) {
    context.out('只是试看,没有写入。去掉 --dry-run 即重新处理。');
    return;
  }
  await requireServices(context, ['ingestor', 'aggregator']);
  const counties = await replayAll(context, options, registry);
  await waitUntilStored(context, await logEnd(context, deadLetterTopic), () => undefined);
  for (const county of counties) await recomputeComponents(context, county);
  context.out(`已重新处理 ${plan.total} 条:入库 ${plan.passing} 条,仍为死信 ${plan.total - plan.passing} 条。`);
}

/** Returns the counties with new rows, which lie behind the watermark of their components. */
async function replayAll(context: Context, options: ReplayOptions, registry: CountyRegistry): Promise<Set<string>> {
  const counties = new Set<string>();
  await withStoreAgain(context, async (store) => {
    for await (const page of pagesOf(context, options)) {
      const known = (await judgedPage(context, page, registry)).filter(({ verdict }) => verdict !== undefined);
      for (const place of new Set(known.map(({ letter }) => `${letter.topic} ${letter.partition}`))) {
        const here = known.filter(({ letter: l }) => `${l.topic} ${l.partition}` === place);
        const { topic, partition } = here[0]!.letter;
        const messages = here.flatMap(({ message }) => message ?? []).sort((a, b) => a.offset - b.offset);
        if (messages.length > 0) await store({ stream: streamOfTopic(topic)!, partition }, messages);
      }
      for (const { verdict } of known) if (verdict?.kind === 'store') counties.add(verdict.event.county);
      await context.store.deadLetters.recordReplays(
        known.map((one): { id: string; outcome: ReplayOutcome } => ({
          id: one.letter.id,
          outcome: passes(one) ? 'stored' : 'failed',
        })),
      );
    }
  });
  return counties;
}
