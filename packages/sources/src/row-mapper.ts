import {
  bodyFields,
  happenedFields,
  isClockVersion,
  type PingAnEvent,
  parseEvent,
  plainId,
  valueAtPath,
} from '@pingan/contracts';
import { maskOf, personalFields } from '@pingan/privacy';
import { type County, localDayEnd, monthOfInstant, type RegionIndex } from '@pingan/regions';
import { cellText, convert } from './convert.js';
import type { Mapping } from './mapping.js';
import { ownText } from './own-text.js';
import { patternOf } from './pattern.js';
import { displayed, type RefusedRow, type RowViolation, shownCells } from './refused-row.js';
import { regionRule } from './rules.js';
import { createTimeReader, dayIn, spelledOut, type TimeText } from './time-text.js';

export type MappedRow =
  /** `month`: of occurrence, in the county's time. */
  | { kind: 'event'; event: PingAnEvent; month: string }
  | {
      kind: 'rejected';
      violations: RowViolation[];
      row: RefusedRow;
      /** Of a row whose place is missing or unknown, if it says when it happened: which case, which month. */
      unplaced?: { caseId: string | undefined; month: string };
    }
  | { kind: 'skipped' };

export interface RowMapperOptions<T> {
  mapping: Mapping;
  county: County;
  index: RegionIndex;
  /** Delivery time in milliseconds: version and recorded_at of rows that have none of their own. */
  delivered: number;
  /** The clock: what claims to be later is refused. */
  now: number;
  /** How to find a column in a row of this ledger. */
  cell: (column: string) => (row: T) => unknown;
}

type Values = Record<string, string | number | boolean | null> | undefined;

interface Draft {
  fields: Record<string, unknown>;
  violations: RowViolation[];
}

const REGION_CACHE_LIMIT = 20_000;
const DAY_MS = 86_400_000;

/** Most a time may lie after the delivery or the clock: clocks differ by minutes; zones are in the times themselves. */
const CLOCK_SKEW_MS = 3_600_000;

type LookUp = (text: string) => string | undefined;

/** The mapped value of a listed text; undefined for one that is not listed. Texts that look the same are the same. */
function lookUpIn(values: Values): LookUp {
  if (values === undefined) return (text) => text;
  const listed = new Map<string, string>();
  for (const key of [plainId, cellText])
    for (const [text, value] of Object.entries(values)) listed.set(key(text), cellText(value));
  return (text) => listed.get(text) ?? listed.get(plainId(text)) ?? (text === '' ? '' : undefined);
}

/** Compiles a mapping into the function that turns one row into one event. */
export function createRowMapper<T>(options: RowMapperOptions<T>): (row: T) => MappedRow {
  const { mapping, county, index, delivered, now } = options;
  const times = createTimeReader(mapping.time_zone ?? county.timeZone);
  const sameZone = mapping.time_zone === undefined || mapping.time_zone === county.timeZone;
  const kinds = bodyFields[mapping.schema];
  const textAt = (column: string): ((row: T) => string) => {
    const get = options.cell(column);
    return (row) => cellText(get(row));
  };
  const columnOf: Record<string, string | undefined> = {
    case_id: mapping.case_id.column,
    region_code: mapping.region.column,
    occurred_at: mapping.occurred_at.column,
    recorded_at: mapping.recorded_at?.column,
    version: mapping.version?.column,
  };
  for (const [name, entry] of Object.entries(mapping.body)) columnOf[`body.${name}`] = entry.column;

  const refuse = (draft: Draft, field: string, rule: string, value: unknown): void => {
    draft.violations.push({ column: columnOf[field] ?? '', field, rule, value: displayed(value) });
  };

  const skips = mapping.skip.map((rule) => {
    const at = textAt(rule.column);
    const listed = new Set(rule.values?.map(cellText));
    return rule.empty ? (row: T) => at(row) === '' : (row: T) => listed.has(at(row));
  });

  const dayOf = (time: TimeText & { kind: 'instant' }): string =>
    sameZone && time.localDay !== undefined ? time.localDay : dayIn(time.ms, county.timeZone);

  /** Whole UTC days that lie in one month of the county; null for the days at a month's edge. */
  const monthOfDay = new Map<number, string | null>();
  const monthAt = (ms: number): string => {
    const day = Math.floor(ms / DAY_MS);
    let month = monthOfDay.get(day);
    if (month === undefined) {
      month = monthOfInstant(day * DAY_MS, county.timeZone);
      if (month !== monthOfInstant((day + 1) * DAY_MS - 1, county.timeZone)) month = null;
      monthOfDay.set(day, month);
    }
    return month ?? monthOfInstant(ms, county.timeZone);
  };

  const caseIdCell = options.cell(mapping.case_id.column);

  const { precision, formats: occurredFormats } = mapping.occurred_at;
  // A delivery named by a day or month is at its end, which is the first moment of the next.
  const lastDay = dayIn(delivered - 1 + DAY_MS, county.timeZone);
  const lastMonth = monthAt(delivered - 1);
  const occurredAt = textAt(mapping.occurred_at.column);
  /** Sets occurred_at; returns the instant, where the row has one, and the month. */
  const mapOccurred = (row: T, draft: Draft): { ms?: number; month?: string } => {
    const text = occurredAt(row);
    if (text === '') {
      refuse(draft, 'occurred_at', 'required', '');
      return {};
    }
    const time = times.read(text, occurredFormats);
    if (time.kind === 'bad') {
      refuse(draft, 'occurred_at', time.rule, text);
      return {};
    }
    if (precision === 'time') {
      if (time.kind !== 'instant') {
        refuse(draft, 'occurred_at', 'time_missing', text);
        return {};
      }
      if (time.ms > delivered + CLOCK_SKEW_MS) {
        refuse(draft, 'occurred_at', 'occurred_after_delivery', text);
        return {};
      }
      draft.fields.occurred_at = time.iso;
      return { ms: time.ms, month: monthAt(time.ms) };
    }
    const day = time.kind === 'instant' ? dayOf(time) : time.kind === 'day' ? time.day : time.month;
    if (precision === 'day' && day.length !== 10) {
      refuse(draft, 'occurred_at', 'invalid_day', text);
      return {};
    }
    if (precision === 'day' ? day > lastDay : day.slice(0, 7) > lastMonth) {
      refuse(draft, 'occurred_at', 'occurred_after_delivery', text);
      return {};
    }
    draft.fields.precision = precision;
    draft.fields.occurred_at = precision === 'day' ? day : day.slice(0, 7);
    return { month: day.slice(0, 7) };
  };

  const recordedText = mapping.recorded_at === undefined ? undefined : textAt(mapping.recorded_at.column);
  const deliveredText = new Date(delivered).toISOString();
  const today = dayIn(now + CLOCK_SKEW_MS, county.timeZone);
  const mapRecorded = (row: T, occurredMs: number | undefined, draft: Draft): void => {
    const text = recordedText?.(row) ?? '';
    if (text === '') {
      const late = occurredMs !== undefined && occurredMs > delivered;
      draft.fields.recorded_at = late ? draft.fields.occurred_at : deliveredText;
      return;
    }
    const time = times.read(text, mapping.recorded_at?.formats);
    if (time.kind !== 'instant' && time.kind !== 'day') {
      refuse(draft, 'recorded_at', time.kind === 'bad' ? time.rule : 'invalid_moment', text);
      return;
    }
    const isFuture = time.kind === 'instant' ? time.ms > now + CLOCK_SKEW_MS : time.day > today;
    if (isFuture) refuse(draft, 'recorded_at', 'recorded_in_future', text);
    else if (time.kind === 'instant') draft.fields.recorded_at = time.iso;
    else {
      // A clock that is ahead may write tomorrow's day, whose end no message may name yet.
      const end = Math.min(localDayEnd(time.day, county.timeZone), now + DAY_MS);
      draft.fields.recorded_at = new Date(end).toISOString();
    }
  };

  const regionText = textAt(mapping.region.column);
  const withinText = mapping.region.within === undefined ? undefined : textAt(mapping.region.within);
  const regionPattern = mapping.region.pattern === undefined ? undefined : patternOf(mapping.region.pattern);
  const listedRegion = lookUpIn(mapping.region.values);
  const resolved = new Map<string, ReturnType<RegionIndex['resolve']>>();
  const resolve = (name: string, within: string, month: string | undefined) => {
    const key = `${name}\u0000${within}\u0000${month ?? ''}`;
    let found = resolved.get(key);
    if (found === undefined) {
      found = index.resolve(name, { ...(month && { month }), ...(within && { within }) });
      if (resolved.size >= REGION_CACHE_LIMIT) resolved.clear();
      resolved.set(ownText(key), found);
    }
    return found;
  };
  const mapRegion = (row: T, month: string | undefined, draft: Draft): void => {
    const text = regionText(row);
    let name = text;
    if (text !== '' && regionPattern !== undefined) {
      const found = regionPattern.first(text);
      if (found === undefined) {
        refuse(draft, 'region_code', 'pattern_mismatch', text);
        return;
      }
      name = found.trim();
    }
    // Unlike a body value an area that is not listed may still be known to the region table.
    name = listedRegion(name) ?? name;
    if (name === '') {
      refuse(draft, 'region_code', 'required', text);
      return;
    }
    const found = resolve(name, withinText?.(row) ?? '', month);
    if (found.ok) draft.fields.region_code = found.code;
    else refuse(draft, 'region_code', regionRule(found), text);
  };

  const versionText = mapping.version === undefined ? undefined : textAt(mapping.version.column);
  /**
   * A time in one number is read as that time: taken as a counter it would be above every time, and a source that changes
   * from one spelling to the other could change nothing any more.
   */
  const readVersion = (text: string): number | undefined => {
    const formats = mapping.version?.formats;
    const digits = plainId(text);
    const spelled = formats === undefined ? spelledOut(digits) : undefined;
    const time = times.read(spelled ?? text, formats);
    if (time.kind === 'instant') return time.ms;
    return formats === undefined && /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
  };
  const mapVersion = (row: T, draft: Draft): void => {
    if (versionText === undefined) {
      draft.fields.version = delivered;
      return;
    }
    const text = versionText(row);
    const version = text === '' ? undefined : readVersion(text);
    if (version === undefined) refuse(draft, 'version', text === '' ? 'required' : 'invalid_version', text);
    else if (isClockVersion(version) && version > now + CLOCK_SKEW_MS) {
      refuse(draft, 'version', 'version_in_future', text);
    } else draft.fields.version = version;
  };

  const happened = new Set(happenedFields[mapping.schema]);
  const latest = new Date(now + CLOCK_SKEW_MS).toISOString();
  /** Of a day, or of an instant in the one form that the reader writes. */
  const isFuture = (time: string): boolean => time > (time.length === today.length ? today : latest);

  const bodyMappers = Object.entries(mapping.body).map(([name, entry]) => {
    const { kind } = kinds.get(name)!;
    const path = `body.${name}`;
    const at = entry.column === undefined ? () => cellText(entry.value) : textAt(entry.column);
    const lookUp = lookUpIn(entry.values);
    return (row: T, body: Record<string, unknown>, draft: Draft): void => {
      const text = at(row);
      const mapped = lookUp(text);
      if (mapped === undefined) {
        refuse(draft, path, 'not_in_mapping', text);
        return;
      }
      const result = convert(mapped, kind, times, entry.formats);
      if (!result.ok) {
        refuse(draft, path, result.rule, text);
        return;
      }
      if (result.value === undefined) return;
      if (happened.has(name) && isFuture(String(result.value))) {
        refuse(draft, path, 'moment_in_future', text);
        return;
      }
      body[name] = result.value;
    };
  });

  const opText = mapping.op === undefined ? undefined : textAt(mapping.op.column);
  const retracts = new Set(mapping.op?.retract.map(cellText));

  const cells = new Map(
    Object.entries(columnOf).flatMap(([path, column]) =>
      column === undefined ? [] : [[path, textAt(column)] as const],
    ),
  );
  /** The cell as written: a time of the event is in UTC, a word is the one of the mapping, and neither stands in the ledger. */
  const cellAt = (row: T, path: string): string => cells.get(path)?.(row) ?? '';

  const cellsOf = shownCells(mapping, options.cell);

  return (row) => {
    for (const skip of skips) if (skip(row)) return { kind: 'skipped' };
    const caseCell = caseIdCell(row);
    const caseId = plainId(cellText(caseCell));
    const body: Record<string, unknown> = {};
    const op = opText !== undefined && retracts.has(opText(row)) ? 'retract' : 'upsert';
    const draft: Draft = {
      fields: { schema: mapping.schema, county: county.code, source: mapping.source, case_id: caseId, op },
      violations: [],
    };
    if (mapping.case_id.serial) draft.fields.id_kind = 'serial';
    if (caseId === '') refuse(draft, 'case_id', 'required', caseCell ?? '');
    mapVersion(row, draft);
    const occurred = mapOccurred(row, draft);
    mapRegion(row, occurred.month, draft);
    mapRecorded(row, occurred.ms, draft);
    if (op === 'upsert') for (const mapBody of bodyMappers) mapBody(row, body, draft);
    draft.fields.body = body;

    const outcome = parseEvent(draft.fields);
    // Region codes come from the county's table and times are written here: only ids and texts can carry a person.
    for (const { path, kind } of personalFields(
      outcome.ok ? outcome.event : { ...draft.fields, schema: mapping.schema, op, body },
    ))
      draft.violations.push({ column: columnOf[path] ?? '', field: path, rule: 'personal_data', value: maskOf(kind) });
    if (outcome.ok && draft.violations.length === 0) {
      return { kind: 'event', event: outcome.event, month: occurred.month! };
    }
    const seen = new Set(draft.violations.map((violation) => violation.field));
    const more = outcome.ok ? [] : outcome.violations.filter((violation) => !seen.has(violation.path));
    const isUnplaced = seen.has('region_code') && occurred.month !== undefined;
    return {
      kind: 'rejected',
      ...(isUnplaced && { unplaced: { caseId: caseId === '' ? undefined : caseId, month: occurred.month! } }),
      row: { caseId: displayed(caseCell), cells: cellsOf(row) },
      violations: [
        ...draft.violations,
        ...more.map(({ path, rule }) => {
          const words = kinds.get(path.replace(/^body\./, ''))?.words ?? [];
          return {
            column: columnOf[path] ?? '',
            field: path,
            rule,
            value: displayed(cellAt(row, path) || valueAtPath(draft.fields, path)),
            ...(rule === 'not_in_list' && words.length > 0 && { allowed: words }),
          };
        }),
      ],
    };
  };
}
