import type { Stream } from '@pingan/contracts';

export type DifferenceKind = 'missing' | 'altered' | 'unlisted' | 'extra' | 'component';

/** Where a difference lies; a part that does not apply or cannot be known is empty. */
export interface Place {
  kind: DifferenceKind;
  county: string;
  stream: Stream | '';
  source: string;
  /** Local day of occurrence in the county, or a month: the operator finds a case in its source by when it happened. */
  day: string;
  region: string;
}

export interface DifferenceGroup extends Place {
  count: number;
  examples: string[];
}

const EXAMPLES = 5;
/** Beyond this many places differences are only counted: memory stays bounded when a whole table is gone. */
const MAX_GROUPS = 50_000;

/** Differences by kind, county, stream, source, day and region. */
export class Differences {
  private readonly found = new Map<string, DifferenceGroup>();
  private readonly counts = new Map<DifferenceKind, number>();

  add(place: Place, example: string): void {
    this.counts.set(place.kind, (this.counts.get(place.kind) ?? 0) + 1);
    const { kind, county, stream, source, day, region } = place;
    const key = [kind, county, stream, source, day, region].join('\0');
    let group = this.found.get(key);
    if (!group) {
      if (this.found.size >= MAX_GROUPS) return;
      group = { ...place, count: 0, examples: [] };
      this.found.set(key, group);
    }
    group.count += 1;
    if (group.examples.length < EXAMPLES && !group.examples.includes(example)) group.examples.push(example);
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  countOf(kind: DifferenceKind): number {
    return this.counts.get(kind) ?? 0;
  }

  byKind(): { kind: DifferenceKind; count: number }[] {
    return [...this.counts].map(([kind, count]) => ({ kind, count }));
  }

  /** The greatest groups first. */
  groups(): DifferenceGroup[] {
    return [...this.found.values()].sort(
      (a, b) =>
        b.count - a.count || [a.county, a.day, a.region].join().localeCompare([b.county, b.day, b.region].join()),
    );
  }
}
