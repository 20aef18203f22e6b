import { describe, expect, it } from 'vitest';
import { defaultSeverity, maxSeverityDays, seriousViolentSubCategories, severityDays, severityNames } from './index.js';

describe('severity', () => {
  it('weighs classes as proposed, none above ten years', () => {
    expect(defaultSeverity).toMatchObject({
      minor_public_order: 1,
      assault: 10,
      theft: 180,
      robbery: 1460,
      rape: 1825,
    });
    expect(defaultSeverity.homicide).toBe(maxSeverityDays);
    for (const days of Object.values(defaultSeverity)) expect(days).toBeLessThanOrEqual(maxSeverityDays);
  });

  it('has a Chinese name for every class, and every class of the eight serious ones', () => {
    expect(Object.keys(severityNames).sort()).toEqual(Object.keys(defaultSeverity).sort());
    for (const name of seriousViolentSubCategories) expect(defaultSeverity[name]).toBeGreaterThanOrEqual(1000);
  });

  it('takes the class, then its category', () => {
    expect(severityDays('homicide', defaultSeverity)).toBe(3650);
    expect(severityDays('public_order', defaultSeverity)).toBe(1);
    expect(severityDays('criminal:drunk_driving', defaultSeverity)).toBe(180);
    expect(severityDays('public_order:gambling', defaultSeverity)).toBe(1);
  });

  it('takes a class the county has added, whatever its category', () => {
    const table = { ...defaultSeverity, gambling: 15 };
    expect(severityDays('public_order:gambling', table)).toBe(15);
    expect(severityDays('criminal:gambling', table)).toBe(15);
  });

  it('keeps a class whose name has a colon in one piece', () => {
    expect(severityDays('criminal:a:b', { ...defaultSeverity, 'a:b': 7 })).toBe(7);
  });
});
