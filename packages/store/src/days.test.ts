import { readdirSync, readFileSync } from 'node:fs';
import { schemaIds, streams } from '@pingan/contracts';
import { catalogue } from '@pingan/indicators';
import { describe, expect, it } from 'vitest';
import { linkedTo, lossCaps, scoredCases } from './case-links.js';
import { changeQuery, cohortDays, componentQuery } from './component-sql.js';
import { countedMonth } from './days.js';
import { reportedDays } from './reported-months.js';

/** Forms that give a Date or a DateTime, which wrap before 1970 and after 2149 or 2106. */
const narrow =
  /\b(toDate|toDateTime|makeDate|makeDateTime|toStartOf\w+|toMonday|toLastDay\w+|toYYYYMM\w*|toUnixTimestamp)\(/;

/** The one place where a day becomes a Date: the month of a day that is known to fit. */
const counted = ['term.3', 'day'].map(countedMonth);
const withoutCounted = (sql: string) => counted.reduce((text, form) => text.replaceAll(form, ''), sql);

describe('days of moments', () => {
  const part = { cases: 'SELECT source, case_id FROM touched', caps: 'caps' };
  it.each(streams)('of %s are never Dates in a statement over cases', (stream) => {
    const statements = [
      componentQuery(stream, true),
      changeQuery(stream, part),
      scoredCases(stream),
      cohortDays(stream),
      linkedTo(stream, part.cases),
    ];
    for (const sql of statements) expect(withoutCounted(sql)).not.toMatch(narrow);
  });

  it('are never Dates in the caps of losses', () => {
    expect(lossCaps()).not.toMatch(narrow);
    expect(lossCaps(true)).not.toMatch(narrow);
  });

  it.each(schemaIds)('are never Dates in the reported months of %s', (schema) => {
    expect(reportedDays(schema)).not.toMatch(narrow);
  });

  it('are never Dates in the catalogue', () => {
    for (const { query } of catalogue) expect(JSON.stringify(query)).not.toMatch(narrow);
  });

  it('count only in months that components can hold', () => {
    for (const stream of streams) {
      expect(componentQuery(stream, false)).toContain("term.3 BETWEEN toDate32('1970-01-01') AND");
      expect(changeQuery(stream, part)).toContain("term.3 BETWEEN toDate32('1970-01-01') AND");
    }
  });
});

describe('views over cases', () => {
  const directory = new URL('../migrations/', import.meta.url);
  /** By name: the last definition of each view that migrations make. */
  const views = new Map<string, string>();
  for (const file of readdirSync(directory).sort()) {
    for (const statement of readFileSync(new URL(file, directory), 'utf8').split(/;\s*$/m)) {
      const made = /(?:VIEW(?: IF NOT EXISTS)?|ALTER TABLE) (\w+)(?: TO \w+| MODIFY QUERY| DEFINER)/.exec(statement);
      if (made) views.set(made[1]!, statement);
    }
  }

  it('make no Date of the moment something happened', () => {
    const overCases = [...views].filter(([, sql]) => /\b(police|petition|mediation|opinion)_cases\b/.test(sql));
    expect(overCases.length).toBeGreaterThanOrEqual(5);
    for (const [name, sql] of overCases) expect(sql, name).not.toMatch(/toDate(Time)?\((\w+\.)?\w+_at\b/);
  });
});
