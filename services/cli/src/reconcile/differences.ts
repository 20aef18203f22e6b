import { type Stream, streamNames } from '@pingan/contracts';
import { sheet } from '@pingan/presentation';
import type { Output } from '../context.js';
import { renderTable } from '../table.js';

export const differenceNames = {
  missing: '日志中有,库中没有',
  altered: '库中内容与日志不符',
  unlisted: '应有死信,没有记录',
  extra: '库中有,日志中没有',
  component: '月度分量与案件不符',
} as const;

export type DifferenceKind = keyof typeof differenceNames;

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

interface Group extends Place {
  count: number;
  examples: string[];
}

const EXAMPLES = 5;
const SHOWN_GROUPS = 60;
/** Beyond this many places differences are only counted: memory stays bounded when a whole table is gone. */
const MAX_GROUPS = 50_000;

/** Differences by kind, county, stream, source, day and region. */
export class Differences {
  private readonly groups = new Map<string, Group>();
  private readonly counts = new Map<DifferenceKind, number>();

  add(place: Place, example: string): void {
    this.counts.set(place.kind, (this.counts.get(place.kind) ?? 0) + 1);
    const { kind, county, stream, source, day, region } = place;
    const key = [kind, county, stream, source, day, region].join('\0');
    let group = this.groups.get(key);
    if (!group) {
      if (this.groups.size >= MAX_GROUPS) return;
      group = { ...place, count: 0, examples: [] };
      this.groups.set(key, group);
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

  print(out: Output['out']): void {
    for (const [kind, count] of this.counts) out(`${differenceNames[kind]}:${count} 处`);
    const groups = [...this.groups.values()].sort(
      (a, b) =>
        b.count - a.count || [a.county, a.day, a.region].join().localeCompare([b.county, b.day, b.region].join()),
    );
    out(
      renderTable(
        sheet(
          [
            { title: '差异', value: (g) => differenceNames[g.kind] },
            { title: '县', value: (g) => g.county || '—' },
            { title: '数据流', value: (g) => (g.stream === '' ? '—' : streamNames[g.stream]) },
            { title: '来源', value: (g) => g.source || '—' },
            { title: '发生日期', value: (g) => g.day || '—' },
            { title: '区域', value: (g) => g.region || '—' },
            { title: '数量', value: (g) => String(g.count), align: 'right' },
            { title: '例如', value: (g) => g.examples.join(' ') },
          ],
          groups.slice(0, SHOWN_GROUPS),
        ),
      ),
    );
    if (groups.length > SHOWN_GROUPS) out(`另有 ${groups.length - SHOWN_GROUPS} 组没有列出。`);
  }
}
