import { defaultScheme } from '@pingan/indicators';
import type { Lack, WayOn } from '@pingan/queries';
import { expect, it } from 'vitest';
import { wayOnParts } from './way-on.js';

const share = (code: string) => ({ code, share: 0.5, weight: 1 }) as unknown as Lack['indicators'][number];
const found = (lacks: Lack[], unplaced: [string, number][] = []): WayOn => ({
  county: 'X1',
  scheme: defaultScheme,
  lacks,
  unplaced: new Map(unplaced),
  part: null,
});
const nothing: Lack = { reason: 'no_data_month', indicators: [share('P01'), share('X01')] };
const textOf = (own: WayOn) => wayOnParts(own).join('\n');
const nowhere = '有数据但都没有乡镇：警情 9 件（占总权重 50.00%）';
const importing = '把缺的台账也导入';

it('tells what came without a place from what did not come', () => {
  const both = textOf(found([nothing], [['police.incident', 9]]));
  expect(both).toContain(nowhere);
  expect(both).toContain('本月没有入库的数据：信访事项（占总权重 50.00%）');
  expect(both).toContain('补上乡镇，再导入一次：pingan import --county X1');
  expect(both).toContain(importing);
});

it('asks for no other ledger where all came without a place', () => {
  const text = textOf(found([{ ...nothing, indicators: [share('P01')] }], [['police.incident', 9]]));
  expect(text).toContain(nowhere);
  expect(text).toContain('补上乡镇');
  expect(text).not.toContain('没有入库');
  expect(text).not.toContain(importing);
});

it('offers no import where that would not help', () => {
  const text = textOf(found([{ reason: 'no_population', indicators: [share('P01')] }]));
  expect(text).toContain('pingan county add');
  expect(text).not.toContain('pingan import');
});
