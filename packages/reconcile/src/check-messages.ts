import { type Stream, topicOf } from '@pingan/contracts';
import { type CountyRegistry, judge } from '@pingan/intake';
import { MessagePack, type RawMessage, unpackMessages } from '@pingan/messaging';
import { CaseFacts, type Store, type VersionKey, versionText } from '@pingan/store';

/** What one message must have left behind. */
interface Fact {
  offset: number;
  /** Absent where it should be a dead letter. */
  fingerprint?: bigint;
  /** Its version: one that is refused today may repeat one that was stored before there was the rule. */
  key?: VersionKey;
}

/** Holds the messages of one partition until a block of places is complete, then compares them with what is stored there. */
export class PartitionCheck {
  private readonly pack = new MessagePack();
  private readonly facts: Fact[] = [];
  private readonly maker: CaseFacts;

  constructor(
    private readonly options: {
      store: Store;
      registry: CountyRegistry;
      stream: Stream;
      partition: number;
      blockSize: number;
      /** First place that is compared. */
      from: number;
      /** Blocks that are compared; all when absent. */
      only: ReadonlySet<number> | undefined;
      onDifferences: (block: number, count: number) => void;
      onMessages: (count: number) => void;
    },
  ) {
    this.maker = new CaseFacts(options.stream);
    this.next = options.from;
  }

  /** First place that has not been compared. */
  private next: number;

  async take(messages: readonly RawMessage[]): Promise<void> {
    const { stream, partition, registry, blockSize } = this.options;
    this.pack.clear();
    for (const message of messages) this.pack.add(message);
    for (const packed of unpackMessages(this.pack.bytes())) {
      const { offset } = packed;
      const block = Math.floor(offset / blockSize);
      if (block > Math.floor(this.next / blockSize)) await this.settle(block * blockSize);
      if (!this.isWanted(block)) continue;
      const verdict = judge(stream, packed, registry, partition);
      if (verdict.kind === 'left_out') continue;
      const stored = verdict.kind === 'store' ? verdict : verdict.once;
      if (stored === undefined) {
        this.facts.push({ offset });
        continue;
      }
      const { event, county } = stored;
      const origin = { partition, offset, timeZone: county.county.timeZone };
      const { fingerprint, digest } = this.maker.of(event, origin);
      const { county: code, source, case_id, version } = event;
      const key = { county: code, source, case_id, version, digest };
      this.facts.push(verdict.kind === 'store' ? { offset, fingerprint, key } : { offset, key });
    }
  }

  /** Compares everything below `to`. */
  async settle(to: number): Promise<void> {
    const { blockSize } = this.options;
    while (this.next < to) {
      const block = Math.floor(this.next / blockSize);
      const end = Math.min((block + 1) * blockSize, to);
      if (this.isWanted(block)) await this.compare(block, { from: this.next, to: end });
      this.next = end;
    }
  }

  private isWanted(block: number): boolean {
    return this.options.only === undefined || this.options.only.has(block);
  }

  private async compare(block: number, { from, to }: { from: number; to: number }): Promise<void> {
    const { store, stream, partition } = this.options;
    const facts = this.facts.splice(0);
    const range = { partition, from, to };
    const [rows, letters] = await Promise.all([
      store.logAccount.storedPlaces(stream, range),
      store.logAccount.letterPlaces(topicOf(stream), range),
    ]);
    let differences = 0;
    const absent: VersionKey[] = [];
    for (const { offset, fingerprint, key } of facts) {
      const row = rows.get(offset);
      rows.delete(offset);
      // What would be refused today may have been stored before there was the rule, and the other way round.
      if (row) differences += fingerprint !== undefined && row.fingerprint !== fingerprint ? 1 : 0;
      else if (!letters.has(offset)) {
        if (key) absent.push(key);
        else differences += 1;
      }
    }
    const known = await store.logAccount.storedVersions(stream, absent);
    differences += absent.filter((key) => !known.has(versionText(key))).length;
    // What is left has no message.
    differences += rows.size;
    this.options.onMessages(facts.length);
    if (differences > 0) this.options.onDifferences(block, differences);
  }
}
