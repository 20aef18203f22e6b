import { describe, expect, it } from 'vitest';
import { catalogue } from '../catalogue/index.js';
import {
  defaultScheme,
  forbiddenTarget,
  forbiddenTargets,
  parseScheme,
  SchemeError,
  schemeJsonSchema,
} from './index.js';

function faultsOf(code: string, weight: number) {
  const dimensions = [
    {
      id: 'police',
      weight: 1,
      indicators: [
        { code: 'P01', weight: 1 },
        { code, weight },
      ],
    },
  ];
  try {
    parseScheme(JSON.stringify({ name: '试行', dimensions }), { file: '方案.yaml' });
  } catch (error) {
    if (error instanceof SchemeError) return error.issues;
    throw error;
  }
  return [];
}

describe('forbidden targets', () => {
  it.each([
    ['破案率', '不破不立'],
    ['全县 破案率', '不破不立'],
    ['Case-Clearance-Rate', '不破不立'],
    ['刑拘数', '2015'],
    ['批捕率', '证据'],
    ['起诉率', '证据'],
    ['退查率', '退回补充侦查'],
    ['有罪判决率', '疑罪从无'],
    ['发案数', '压案不立'],
    ['police_incident_count', '压案不立'],
    ['非访人次', '截访'],
    ['Ｘ１１', '《信访工作条例》第三十九条'],
    ['信访总量', '见原文'],
    ['P13', '登记'],
    ['P14', '降格'],
    ['网格员人均上报数', '凑数'],
    ['正面发帖数', '刷帖'],
    ['酒驾查处数', '选择性执法'],
    ['以奖代补发放额', '花钱'],
  ])('%s gets no weight, and the refusal says why', (code, why) => {
    const faults = faultsOf(code, 5);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.path).toBe('dimensions[0].indicators[1].weight');
    expect(faults[0]?.message).toContain('不得计分，权重只能为 0：');
    expect(faults[0]?.message).toContain('（依据：');
    expect(faults[0]?.message).toContain(why);
  });

  it('are refused by name even where the catalogue has no such indicator, but only with a weight', () => {
    expect(faultsOf('破案率', 0)[0]?.message).toContain('没有指标 破案率');
  });

  it('are none of the scored indicators, whether by code, id or name', () => {
    const scored = new Set(defaultScheme.dimensions.flatMap(({ indicators }) => indicators.map(({ code }) => code)));
    for (const { code, id, name } of catalogue.filter((own) => scored.has(own.code))) {
      for (const text of [code, id, name]) expect([text, forbiddenTarget(text)?.name]).toEqual([text, undefined]);
    }
  });

  it('say why and on what ground, each once', () => {
    const variants = forbiddenTargets.flatMap((target) => target.variants);
    expect(new Set(variants).size).toBe(variants.length);
    for (const { name, why, source } of forbiddenTargets) {
      expect(why.length, name).toBeGreaterThan(5);
      expect(source.text.length, name).toBeGreaterThan(3);
      expect(source.mark).not.toBe('✘');
    }
  });
});

describe('schemeJsonSchema', () => {
  it('knows every key that may be written and closes every object', () => {
    const schema = schemeJsonSchema() as {
      required: string[];
      additionalProperties: boolean;
      properties: Record<string, unknown>;
    };
    expect(schema.required).toEqual(['name', 'dimensions']);
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(defaultScheme).sort());
  });
});
