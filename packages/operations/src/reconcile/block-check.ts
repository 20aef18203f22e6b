import { type Stream, topicOf } from '@pingan/contracts';
import type { CountyRegistry } from '@pingan/intake';
import type { RawMessage } from '@pingan/messaging';
import { type OffsetRange, type StoredPlace, type VersionKey, versionText } from '@pingan/store';
import type { Installation } from '../installation.js';
import { type CompareOptions, dayIn, type LogFact } from './log-facts.js';

export interface BlockOptions extends CompareOptions {
  registry: CountyRegistry;
  stream: Stream;
  range: OffsetRange;
}

type StoreFact = LogFact & { kind: 'store' };

/** One that repeats a version, where that is stored at another place. */
type KeyedFact = LogFact & { key: VersionKey };

const hasKey = (fact: LogFact): fact is KeyedFact => fact.key !== undefined;

/** Messages without a counterpart that are held at once. */
const HELD = 500;

/** A message as kafkajs hands it over keeps its whole fetch in memory. */
const copyOf = ({ offset, timestamp, key, value }: RawMessage): RawMessage => ({
  offset,
  timestamp,
  key: key && Buffer.from(key),
  value: value && Buffer.from(value),
});

/** Compares the messages of one block of offsets, one by one, with what is stored there. */
export class BlockCheck {
  /** Events that are neither at their place nor a letter: they may repeat a version stored elsewhere. */
  private absent: KeyedFact[] = [];
  private toStore: RawMessage[] = [];

  private constructor(
    private readonly installation: Installation,
    private readonly options: BlockOptions,
    /** What is stored and has not been met in the log yet. */
    private readonly rows: Map<number, StoredPlace>,
    private readonly letters: ReadonlySet<number>,
  ) {}

  static async open(installation: Installation, options: BlockOptions): Promise<BlockCheck> {
    const { stream, range, county } = options;
    const { logAccount } = installation.store;
    const rows = await logAccount.storedPlaces(stream, range, county);
    const letters = await logAccount.letterPlaces(topicOf(stream), range);
    return new BlockCheck(installation, options, rows, letters);
  }

  async take(fact: LogFact): Promise<void> {
    const { offset } = fact.message;
    const row = this.rows.get(offset);
    this.rows.delete(offset);
    if (row) {
      // A message that would be refused today was stored before there was the rule, or when its region was still known.
      if (fact.kind === 'dead' || row.fingerprint === fact.fingerprint) return;
      this.report('altered', fact);
      return this.storeAgain(fact.message);
    }
    // Set aside when it arrived, whatever would become of it today.
    if (this.letters.has(offset)) return;
    if (hasKey(fact)) {
      this.absent.push({ ...fact, message: copyOf(fact.message) });
      if (this.absent.length >= HELD) await this.settleAbsent();
      return;
    }
    this.reportUnlisted(offset);
    await this.storeAgain(fact.message);
  }

  /** To be called after the last message of the block. */
  async settle(): Promise<void> {
    await this.settleAbsent();
    await this.flush();
    const { stream, registry, differences } = this.options;
    for (const { county, source, case_id, region_code: region, occurred_ms } of this.rows.values()) {
      const day = dayIn(occurred_ms, registry.get(county)?.county.timeZone ?? 'UTC');
      differences.add({ kind: 'extra', county, stream, source, day, region }, case_id);
    }
  }

  private async settleAbsent(): Promise<void> {
    const facts = this.absent;
    this.absent = [];
    const keys = facts.map(({ key }) => key);
    const known = await this.installation.store.logAccount.storedVersions(this.options.stream, keys);
    for (const fact of facts) {
      if (known.has(versionText(fact.key))) continue;
      if (fact.kind === 'dead') this.reportUnlisted(fact.message.offset);
      else this.report('missing', fact);
      await this.storeAgain(fact.message);
    }
  }

  private report(kind: 'altered' | 'missing', { key, day, region }: StoreFact): void {
    const { stream, differences } = this.options;
    differences.add({ kind, county: key.county, stream, source: key.source, day, region }, key.case_id);
  }

  private reportUnlisted(offset: number): void {
    const { stream, range, differences } = this.options;
    const nowhere = { county: '', stream, source: '', day: '', region: '' };
    differences.add({ kind: 'unlisted', ...nowhere }, `${topicOf(stream)}-${range.partition}-${offset}`);
  }

  private async storeAgain(message: RawMessage): Promise<void> {
    if (!this.options.onMissing) return;
    this.toStore.push(copyOf(message));
    if (this.toStore.length >= HELD) await this.flush();
  }

  private async flush(): Promise<void> {
    const messages = this.toStore.sort((a, b) => a.offset - b.offset);
    this.toStore = [];
    const { stream, range, onMissing } = this.options;
    if (messages.length > 0) await onMissing?.({ stream, partition: range.partition }, messages);
  }
}
