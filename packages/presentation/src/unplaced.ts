import { recordTypeNames } from '@pingan/contracts';
import type { Unplaced } from '@pingan/queries';
import { score } from './sheet.js';

type UnplacedBound = Unplaced['bounds'][number];

/** `9 件（11.3%，共 80 件）2026-10 的警情没有乡镇，未计入任何单位`; where no event has a place, what follows from that. */
export function shareTexts(month: string, { shares, red_lines }: Omit<Unplaced, 'bounds'>): string[] {
  const texts = shares.map(({ record_type, unplaced, placed, share }) => {
    const percent = Math.round(1000 * share) / 10;
    const name = recordTypeNames[record_type] ?? record_type;
    const none = placed > 0 ? '' : `；各单位当月的${name}因此没有数可计，请补上乡镇后重新导入`;
    return `${unplaced} 件（${percent}%，共 ${unplaced + placed} 件）${month} 的${name}没有乡镇，未计入任何单位${none}。`;
  });
  return red_lines === 0 ? texts : [...texts, `${month} 有 ${red_lines} 起红线事项没有乡镇，没有扣任何单位的分。`];
}

/** Units that seem to have reported nothing of a record type of which events without a place came. */
export function silentTexts(
  units: readonly { name: string; unreported: readonly string[] }[],
  { shares }: Unplaced,
): string[] {
  return shares.flatMap(({ record_type, unplaced }) => {
    const silent = units.filter(({ unreported }) => unreported.includes(record_type)).map(({ name }) => name);
    if (silent.length === 0) return [];
    const name = recordTypeNames[record_type] ?? record_type;
    return [`${silent.join('、')}本月无${name}报送，没有乡镇的 ${unplaced} 件可能就是它报的，先核对这些再确认零报送。`];
  });
}

const SHOWN = 10;

const ranks = ({ rank, lowest_rank }: UnplacedBound) =>
  rank === lowest_rank ? `仍第 ${rank} 名` : `第 ${rank} 名降至第 ${lowest_rank} 名`;

/** How far a unit could fall; null where nothing of its score would change. */
export function boundText(name: string, bound: UnplacedBound): string | null {
  if (bound.score === null || bound.lowest_score === null) return null;
  if (score(bound.score) === score(bound.lowest_score) && bound.rank === bound.lowest_rank) return null;
  return `${name} ${score(bound.score)} 分降至 ${score(bound.lowest_score)} 分，${ranks(bound)}`;
}

/** Which places the events without a place could move at most, if all were of one unit; empty where nothing can be told. */
export function boundsText(names: ReadonlyMap<string, string>, { bounds }: Unplaced): string[] {
  if (bounds.every((bound) => bound.score === null)) return [];
  const sorted = [...bounds].sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity));
  const texts = sorted.flatMap((bound) => boundText(names.get(bound.region_code) ?? bound.region_code, bound) ?? []);
  if (texts.length === 0) return ['即使全部属于同一单位，得分和名次也不变。'];
  const more = texts.length > SHOWN ? `；等 ${texts.length} 个单位` : '';
  return [`如全部属于同一单位且都计为不利，该单位至多：${texts.slice(0, SHOWN).join('；')}${more}。`];
}
