import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { compilePattern, namePattern, patternOf } from './pattern.js';

function problemOf(source: string): string {
  const result = compilePattern(source);
  if (result.ok) throw new Error('accepted');
  return result.problem;
}

describe('patterns', () => {
  it('need time that grows with the text, whatever they say', () => {
    const startedAt = performance.now();
    for (const source of ['^((?:[^县]+)+)镇$', '^(a|a?)+$', '(.*)*(.*)*(.*)*x', '^(?:甲*)*(乙)$']) {
      for (const length of [30, 1_000]) patternOf(source).first('甲'.repeat(length));
    }
    // Backtracking, the first of them alone takes minutes.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it.each([
    ['县(.+?镇)', '某某县彭镇第3村', '彭镇'],
    ['^(?:.*?县)?(.{1,4}?(?:镇|乡|街道))', '棋盘镇', '棋盘镇'],
    ['(?<town>[\\u4e00-\\u9fa5]+镇)', 'x彭镇', '彭镇'],
    ['([\\u{4e00}-\\u{9fa5}]{2})', 'ab彭镇', '彭镇'],
    ['(\\p{Script=Han}+)', 'ab彭镇c', '彭镇'],
    ['县\\s*(\\S+)', '某县　 彭镇', '彭镇'],
    ['^[^\\s]+[\\s](.*)$', '某县　彭镇', '彭镇'],
    ['[^]县(.)', 'a县彭', '彭'],
    ['(\\d{6})', '警情202610.csv', '202610'],
    ['a(b)?c', 'ac', ''],
    ['a(b)c', 'ac', undefined],
  ])('%s on %s gives %s', (source, text, expected) => {
    expect(patternOf(source).first(text)).toBe(expected);
  });

  it('say in Chinese what they cannot do', () => {
    expect(problemOf('(?<=县)(.+)')).toContain('不支持前后查找');
    expect(problemOf('(?<!县)(镇)')).toContain('不支持前后查找');
    expect(problemOf('(?!县)(镇)')).toContain('不支持前后查找');
    expect(problemOf('(镇)\\1')).toContain('不支持反向引用');
    expect(problemOf('(镇')).toBe('不是有效的正则表达式');
  });

  it('match names by wildcards in time that grows with the name', () => {
    expect(namePattern('警情[1]*(?).csv')('警情[1]10月(2).csv')).toBe(true);
    expect(namePattern(`${'*a'.repeat(60)}b`)('a'.repeat(250))).toBe(false);
  });
});
