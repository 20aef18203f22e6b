import type { Stream } from '@pingan/contracts';
import { fraudLoss } from '@pingan/indicators';
import { caseTable } from './case-tables.js';
import { belowWatermark, keptCases } from './current-cases.js';
import { monthStart, occurredDay } from './days.js';

/** The one field per stream by which a case names an earlier one of its source, and what comes of it. */
interface Link {
  field: string;
  recordType: string;
  /** From the named case to the naming one: column here → column there. */
  forward: Readonly<Record<string, string>>;
  /** From the first naming case to the named one, of those whose `moment` is not before the closing of the named one. */
  backward?: { column: string; moment: string };
  /** From the last case before, of the named one and those that name the same: column here → column there. */
  sideways?: { column: string; moment: string };
}

const links: Readonly<Record<Stream, Link>> = {
  police: {
    field: 'prior_case_ref',
    recordType: 'police.incident',
    forward: { named_at: 'occurred_at' },
    sideways: { column: 'prior_occurred_at', moment: 'occurred_at' },
  },
  petition: {
    field: 'repeat_of',
    recordType: 'petition.case',
    forward: {
      original_closed_at: 'closed_at',
      original_accepted_at: 'accepted_at',
      original_due_at: 'due_at',
      original_extended_to: 'extended_to',
    },
    backward: { column: 'first_repeat_at', moment: 'registered_at' },
  },
  mediation: {
    field: 'recurrence_of',
    recordType: 'mediation.dispute',
    forward: {},
    backward: { column: 'first_recurrence_at', moment: 'accepted_at' },
  },
  opinion: {
    field: 'secondary_of',
    recordType: 'opinion.event',
    forward: {},
    backward: { column: 'first_secondary_at', moment: 'discovered_at' },
  },
};

/**
 * (cap_month, fraud_loss_cap): largest loss that counts in full, by month, see `fraudLoss`; also by `sign` where asked for
 * both watermarks. Reads only cases that ever were such fraud.
 */
export function lossCaps(alsoBefore = false): string {
  const { where, percent, months, minimumCases } = fraudLoss;
  const among = `(source, case_id) IN (SELECT source, case_id FROM ${caseTable('police')}
    WHERE county = {county:String} AND ${belowWatermark} AND ifNull(${where}, 0))`;
  const sign = alsoBefore ? 'sign, ' : '';
  return `SELECT ${sign}cap_month, arraySort(groupArray(loss))[intDiv(count() * ${percent} + 99, 100)] AS fraud_loss_cap
    FROM (SELECT ${sign}assumeNotNull(loss_amount) AS loss,
        arrayJoin(arrayMap(n -> addMonths(${monthStart(occurredDay)}, n), range(1, ${months} + 1))) AS cap_month
      FROM (${keptCases('police', { among, alsoBefore })})
      WHERE record_type = 'police.incident' AND ifNull(${where}, 0) AND ifNull(loss_amount, 0) > 0)
    GROUP BY ${sign}cap_month HAVING count() >= ${minimumCases}`;
}

/**
 * Cases whose numbers may change with one of `touched` (a query of source and case_id): those that any version of them
 * names, and those that name one of either in any version.
 */
export function linkedTo(stream: Stream, touched: string): string {
  const { field } = links[stream];
  const table = caseTable(stream);
  const linking = `FROM ${table} WHERE county = {county:String} AND ${belowWatermark} AND isNotNull(${field})`;
  const named = `SELECT source, assumeNotNull(${field}) AS named_id ${linking} AND (source, case_id) IN (${touched})`;
  return `${named} UNION ALL SELECT source, case_id ${linking}
    AND (source, assumeNotNull(${field})) IN (${touched} UNION ALL ${named})`;
}

/** What joins the rows of one watermark with those of the same, given the name of the joined table. */
const bySign = {
  column: 'sign AS other_sign,',
  key: 'other_sign, ',
  on: (table: string) => ` AND c.sign = ${table}.other_sign`,
};
const noSign: typeof bySign = { column: '', key: '', on: () => '' };

/** Some cases, as of both watermarks: `sign` is 1 for now, -1 for before. */
export interface CasePart {
  /** A query of source and case_id. */
  cases: string;
  /** (cap_month, cap_now, cap_before): what `lossCaps` gives, both in one row. */
  caps: string;
}

/** What a table joined to the cases adds: columns of the result, and the join itself. */
interface Joined {
  columns: string[];
  join: string;
}

/** The cases one statement is about, in the pieces that its joins are made of. */
interface Selected {
  stream: Stream;
  part: CasePart | undefined;
  sign: typeof bySign;
  /** Current cases, all of the county or those that meet a condition. */
  kept: (among?: string) => string;
  /** Rows that ever named an earlier case; with a part only those of its cases. */
  naming: string;
  /** Rows that ever named an earlier case; with a part only those that name one of `origins`. */
  namingOneOf: (origins: string) => string;
}

function selected(stream: Stream, part: CasePart | undefined): Selected {
  const { field } = links[stream];
  const linking = `FROM ${caseTable(stream)} WHERE county = {county:String} AND ${belowWatermark} AND isNotNull(${field})`;
  return {
    stream,
    part,
    sign: part ? bySign : noSign,
    kept: (among) => keptCases(stream, { among, alsoBefore: part !== undefined }),
    naming: part ? `${linking} AND ${among(part)}` : linking,
    namingOneOf: (origins) => (part ? `${linking} AND (source, assumeNotNull(${field})) IN (${origins})` : linking),
  };
}

const among = ({ cases }: CasePart) => `(source, case_id) IN (${cases})`;

/** The earlier case that a case names. */
function namedCase({ stream, kept, naming, sign }: Selected): Joined | undefined {
  const { field, recordType, forward } = links[stream];
  const columns = Object.keys(forward);
  if (columns.length === 0) return undefined;
  const cases = kept(`(source, case_id) IN (SELECT source, assumeNotNull(${field}) ${naming})`);
  const join = `LEFT JOIN (SELECT ${sign.column} source AS named_source, case_id AS named_id,
        ${columns.map((column) => `${forward[column]} AS ${column}`).join(', ')}
      FROM (${cases}) WHERE record_type = '${recordType}') AS named
      ON c.source = named_source AND nullIf(c.${field}, c.case_id) = named_id${sign.on('named')}`;
  return { columns, join };
}

/** The first of the later cases that name a case, of those after it was closed. */
function firstNamingCase({ stream, part, kept, namingOneOf, sign }: Selected): Joined | undefined {
  const { field, recordType, backward } = links[stream];
  if (!backward) return undefined;
  const { column, moment } = backward;
  const cases = kept(`(source, case_id) IN (SELECT source, case_id ${namingOneOf(part?.cases ?? '')})`);
  const join = `LEFT JOIN (SELECT ${sign.column} source AS naming_source, assumeNotNull(${field}) AS origin_id,
        groupArray(assumeNotNull(${moment})) AS moments
      FROM (${cases}) WHERE record_type = '${recordType}' AND isNotNull(${field}) AND ${field} != case_id
      GROUP BY ${sign.key}naming_source, origin_id) AS naming ON c.source = naming_source AND c.case_id = origin_id${sign.on('naming')}`;
  const columns = [
    `arrayFilter(at -> ifNull(at >= c.closed_at, 0), moments) AS later,
      if(empty(later), NULL, arrayMin(later)) AS ${column}`,
  ];
  return { columns, join };
}

/** The last case before a case, of the one that it names and of those that name the same. */
function lastCaseBefore({ stream, kept, naming, namingOneOf, sign }: Selected): Joined | undefined {
  const { field, recordType, sideways } = links[stream];
  if (!sideways) return undefined;
  const { column, moment } = sideways;
  const siblings = namingOneOf(`SELECT source, assumeNotNull(${field}) ${naming}`);
  const cases = kept(`(source, case_id) IN (SELECT source, case_id ${siblings})`);
  const join = `LEFT JOIN (SELECT ${sign.column} source AS sibling_source, assumeNotNull(${field}) AS origin_id,
        groupArray(${moment}) AS moments
      FROM (${cases}) WHERE record_type = '${recordType}' AND isNotNull(${field})
      GROUP BY ${sign.key}sibling_source, origin_id) AS naming ON c.source = sibling_source AND c.${field} = origin_id${sign.on('naming')}`;
  const columns = [
    `arrayFilter(at -> at < c.${moment}, moments) AS siblings,
      arrayFilter(at -> ifNull(at <= c.${moment}, 0), [named_at]) AS origins,
      arrayMax(arrayConcat(siblings, arrayMap(at -> assumeNotNull(at), origins))) AS last_before,
      if(empty(siblings) AND empty(origins), NULL, last_before) AS ${column}`,
  ];
  return { columns, join };
}

/** The cap of losses in the month of a case of fraud; its cases have a `fraud_month`. */
function lossCap({ stream, part }: Selected): Joined | undefined {
  if (stream !== 'police') return undefined;
  const column = part ? 'if(c.sign = 1, cap_now, cap_before) AS fraud_loss_cap' : 'fraud_loss_cap';
  return { columns: [column], join: `LEFT JOIN (${part?.caps ?? lossCaps()}) AS caps ON c.fraud_month = cap_month` };
}

function casesOf({ stream, part, kept }: Selected): string {
  const cases = kept(part && among(part));
  if (stream !== 'police') return cases;
  return `SELECT *, if(ifNull(${fraudLoss.where}, 0), ${monthStart(occurredDay)}, NULL) AS fraud_month
      FROM (${cases})`;
}

/**
 * Current, not withdrawn cases with the joined columns of `@pingan/indicators`; all of the county, or a part. Links are
 * inside a source; a case that names itself is not linked. The other side of a join reads only cases that any version ever
 * linked.
 */
export function scoredCases(stream: Stream, part?: CasePart): string {
  const about = selected(stream, part);
  const joined = [namedCase, firstNamingCase, lastCaseBefore, lossCap].flatMap((join) => join(about) ?? []);
  return `SELECT c.*, ${joined.flatMap(({ columns }) => columns).join(', ')} FROM (${casesOf(about)}) AS c
    ${joined.map(({ join }) => join).join('\n    ')}
    SETTINGS join_use_nulls = 1`;
}
