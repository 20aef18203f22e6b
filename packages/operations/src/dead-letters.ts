import { type DeadLetterReason, deadLetterTopic, streamOfTopic } from '@pingan/contracts';
import { CountyRegistry, judge, type Verdict } from '@pingan/intake';
import { MessagePack, type RawMessage, unpackMessages } from '@pingan/messaging';
import { requireDeadLetters } from '@pingan/queries';
import type { ReplayOutcome, StoredDeadLetter } from '@pingan/store';
import { requireServices } from './brokers.js';
import type { Installation } from './installation.js';
import { dayIn } from './reconcile/log-facts.js';
import { recomputeComponents, withStoreAgain } from './reconcile/store-again.js';
import { messagesOf } from './reconcile/withheld.js';
import { logEnd, waitUntilStored } from './waiting.js';

export interface LettersAsked {
  /** Either these letters, or all of one reason that no replay has stored yet. */
  ids: readonly string[];
  reason: DeadLetterReason | undefined;
}

/** Letters held in memory and handed over at once; each may carry a megabyte. */
const PAGE = 50;
const SHOWN = 50;

export interface Judged {
  letter: StoredDeadLetter;
  /** Undefined for a letter about something that is no event. */
  verdict: Verdict | undefined;
}

const notInLog = '含个人信息的原文不在库中，日志中也已没有';

/** Each letter with its message and what would become of it now. */
async function judgedPage(
  installation: Installation,
  letters: readonly StoredDeadLetter[],
  registry: CountyRegistry,
): Promise<(Judged & { message: RawMessage | undefined })[]> {
  const events = letters.filter(({ topic }) => streamOfTopic(topic) !== undefined);
  const messages = await messagesOf(installation, events);
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

async function* pagesOf(installation: Installation, { ids, reason }: LettersAsked): AsyncGenerator<StoredDeadLetter[]> {
  const { deadLetters } = installation.store;
  if (reason === undefined) {
    yield await requireDeadLetters(installation.store, [...new Set(ids)]);
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

/** Letters and what would become of them; some of them one by one. */
export class ReplayPlan {
  readonly shown: PlannedLetter[] = [];
  readonly failing = new Map<DeadLetterReason, number>();
  /** By `county name month region`. */
  readonly months = new Map<string, number>();
  total = 0;
  passing = 0;

  add(one: Judged): void {
    const place = placeOf(one);
    this.total += 1;
    if (this.shown.length < SHOWN) this.shown.push({ ...one, place });
    if (place) {
      this.passing += 1;
      const key = `${place.county.code} ${place.county.name} ${place.month} ${place.region}`;
      this.months.set(key, (this.months.get(key) ?? 0) + 1);
      return;
    }
    const reason = one.verdict?.kind === 'dead' ? one.verdict.reason : one.letter.reason;
    this.failing.set(reason, (this.failing.get(reason) ?? 0) + 1);
  }
}

export type PlannedLetter = Judged & { place: ReturnType<typeof placeOf> };

/** What would change. */
export async function planReplay(installation: Installation, letters: LettersAsked): Promise<ReplayPlan> {
  const registry = await registryOf(installation);
  const plan = new ReplayPlan();
  for await (const page of pagesOf(installation, letters))
    for (const { letter, verdict } of await judgedPage(installation, page, registry)) plan.add({ letter, verdict });
  return plan;
}

/**
 * Has the messages judged again at the offsets they have in the log. One that fails again keeps its id, topic, partition and
 * offset; nothing is sent to the log twice.
 */
export async function replayDeadLetters(installation: Installation, letters: LettersAsked): Promise<void> {
  await requireServices(installation, ['ingestor', 'aggregator']);
  const counties = await replayAll(installation, letters, await registryOf(installation));
  await waitUntilStored(installation, await logEnd(installation, deadLetterTopic), () => undefined);
  for (const county of counties) await recomputeComponents(installation, county);
}

async function registryOf({ store }: Installation): Promise<CountyRegistry> {
  const registry = new CountyRegistry(store);
  await registry.load();
  return registry;
}

/** Returns the counties with new rows, which lie behind the watermark of their components. */
async function replayAll(
  installation: Installation,
  options: LettersAsked,
  registry: CountyRegistry,
): Promise<Set<string>> {
  const counties = new Set<string>();
  await withStoreAgain(installation, async (store) => {
    for await (const page of pagesOf(installation, options)) {
      const known = (await judgedPage(installation, page, registry)).filter(({ verdict }) => verdict !== undefined);
      for (const place of new Set(known.map(({ letter }) => `${letter.topic} ${letter.partition}`))) {
        const here = known.filter(({ letter: l }) => `${l.topic} ${l.partition}` === place);
        const { topic, partition } = here[0]!.letter;
        const messages = here.flatMap(({ message }) => message ?? []).sort((a, b) => a.offset - b.offset);
        if (messages.length > 0) await store({ stream: streamOfTopic(topic)!, partition }, messages);
      }
      for (const { verdict } of known) if (verdict?.kind === 'store') counties.add(verdict.event.county);
      await installation.store.deadLetters.recordReplays(
        known.map((one): { id: string; outcome: ReplayOutcome } => ({
          id: one.letter.id,
          outcome: passes(one) ? 'stored' : 'failed',
        })),
      );
    }
  });
  return counties;
}
