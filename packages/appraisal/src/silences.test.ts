import { parseScheme } from '@pingan/indicators';
import { expect, it } from 'vitest';
import { silenceLine, silencesInWindows } from './silences.js';

const silence = (month: string, ...unreported: string[]) => ({ month, region_code: 'T3', name: '丙镇', unreported });

it('a silence is reported as long as a window reaches back to it', () => {
  const text = `name: 试算
dimensions:
  - id: police
    weight: 1
    indicators: [{ code: P01, weight: 1, window: 3 }, { code: P12, weight: 1, window: 1 }]
`;
  const scheme = parseScheme(text, { file: '方案.yaml' });
  const silences = [
    silence('2026-07', 'police.incident'),
    silence('2026-08', 'police.incident', 'opinion.event'),
    silence('2026-10', 'police.incident'),
  ];
  expect(silencesInWindows(silences, { period: '2026-10', scheme })).toEqual([silence('2026-08', 'police.incident')]);
  expect(silencesInWindows(silences, { period: '2026-09', scheme })).toEqual([
    silence('2026-07', 'police.incident'),
    silence('2026-08', 'police.incident'),
  ]);
});

it('is a line of month, unit and record types', () => {
  const line = silenceLine(silence('2026-08', 'police.incident', 'hotline.order'));
  expect(line).toBe('2026-08 丙镇：警情、12345 工单无报送，请核实。');
});
