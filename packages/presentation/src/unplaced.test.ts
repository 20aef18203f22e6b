import type { Unplaced } from '@pingan/queries';
import { describe, expect, it } from 'vitest';
import { boundsText, shareTexts, silentTexts } from './unplaced.js';

const unplaced = (placed: number, scores: readonly [number | null, number | null] = [60, 60]): Unplaced => ({
  shares: [{ record_type: 'police.incident', unplaced: 9, placed, share: 9 / (9 + placed) }],
  bounds: [{ region_code: 'T1', score: scores[0], rank: 1, lowest_score: scores[1], lowest_rank: 1 }],
  red_lines: 0,
});
const names = new Map([['T1', '甲镇']]);

describe('events without a place', () => {
  it('are shown with their share; where no event has a place, the text says what follows', () => {
    expect(shareTexts('2026-10', unplaced(71))).toEqual([
      '9 件（11.3%，共 80 件）2026-10 的警情没有乡镇，未计入任何单位。',
    ]);
    expect(shareTexts('2026-10', unplaced(0))).toEqual([
      '9 件（100%，共 9 件）2026-10 的警情没有乡镇，未计入任何单位；各单位当月的警情因此没有数可计，请补上乡镇后重新导入。',
    ]);
  });

  it('are told apart where they would have cost somebody points', () => {
    expect(shareTexts('2026-10', { ...unplaced(71), shares: [], red_lines: 2 })).toEqual([
      '2026-10 有 2 起红线事项没有乡镇，没有扣任何单位的分。',
    ]);
  });

  it('are said to change nothing only where that was worked out', () => {
    expect(boundsText(names, unplaced(71, [60, 42]))).toEqual([
      '如全部属于同一单位且都计为不利，该单位至多：甲镇 60.00 分降至 42.00 分，仍第 1 名。',
    ]);
    expect(boundsText(names, unplaced(71))).toEqual(['即使全部属于同一单位，得分和名次也不变。']);
    expect(boundsText(names, unplaced(71, [null, null]))).toEqual([]);
    expect(boundsText(names, { ...unplaced(0), bounds: [] })).toEqual([]);
  });

  it('may be those of a unit that seems to have reported nothing', () => {
    const units = [
      { name: '甲镇', unreported: ['mediation.dispute'] },
      { name: '丙镇', unreported: ['police.incident'] },
    ];
    expect(silentTexts(units, unplaced(71))).toEqual([
      '丙镇本月无警情报送，没有乡镇的 9 件可能就是它报的，先核对这些再确认零报送。',
    ]);
    expect(silentTexts(units.slice(0, 1), unplaced(71))).toEqual([]);
  });
});
