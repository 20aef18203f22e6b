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

/**
 * Current, not withdrawn cases with the joined columns of `@pingan/indicators`; all of the county, or a part. Links are
 * inside a source; a case that names itself is not linked. The other side of a join reads only cases that any version ever
 * linked.
 */
export function scoredCases(stream: Stream, part?: CasePart): string {
  const { field, recordType, forward, backward, sideways } = links[stream];
  const inPart = part && `(source, case_id) IN (${part.cases})`;
  const kept = (among?: string) => keptCases(stream, { among, alsoBefore: part !== undefined });
  const linking = `FROM ${caseTable(stream)} WHERE county = {county:String} AND ${belowWatermark} AND isNotNull(${field})`;
  const naming = part ? `${linking} AND ${inPart}` : linking;
  /** Among the cases that ever linked, those whose link leads to one of `origins`. */
  const linkedInto = (origins: string) =>
    part ? `${linking} AND (source, assumeNotNull(${field})) IN (${origins})` : linking;
  const sign = part ? bySign : noSign;
  const columns: string[] = [];
  const joins: string[] = [];
  let cases = kept(inPart);
  const forwardColumns = Object.entries(forward);
  if (forwardColumns.length > 0) {
    const named = kept(`(source, case_id) IN (SELECT source, assumeNotNull(${field}) ${naming})`);
    columns.push(...forwardColumns.map(([column]) => column));
    joins.push(`LEFT JOIN (SELECT ${sign.column} source AS named_source, case_id AS named_id,
        ${forwardColumns.map(([column, theirs]) => `${theirs} AS ${column}`).join(', ')}
      FROM (${named}) WHERE record_type = '${recordType}') AS named
      ON c.source = named_source AND nullIf(c.${field}, c.case_id) = named_id${sign.on('named')}`);
  }
  if (backward) {
    const { column, moment } = backward;
    const among = `(source, case_id) IN (SELECT source, case_id ${linkedInto(part?.cases ?? '')})`;
    columns.push(`arrayFilter(at -> ifNull(at >= c.closed_at, 0), moments) AS later,
      if(empty(later), NULL, arrayMin(later)) AS ${column}`);
    joins.push(`LEFT JOIN (SELECT ${sign.column} source AS naming_source, assumeNotNull(${field}) AS origin_id,
        groupArray(assumeNotNull(${moment})) AS moments
      FROM (${kept(among)}) WHERE record_type = '${recordType}' AND isNotNull(${field}) AND ${field} != case_id
      GROUP BY ${sign.key}naming_source, origin_id) AS naming ON c.source = naming_source AND c.case_id = origin_id${sign.on('naming')}`);
  }
  if (sideways) {
    const { column, moment } = sideways;
    const siblings = linkedInto(`SELECT source, assumeNotNull(${field}) ${naming}`);
    const among = `(source, case_id) IN (SELECT source, case_id ${siblings})`;
    columns.push(`arrayFilter(at -> at < c.${moment}, moments) AS siblings,
      arrayFilter(at -> ifNull(at <= c.${moment}, 0), [named_at]) AS origins,
      arrayMax(arrayConcat(siblings, arrayMap(at -> assumeNotNull(at), origins))) AS last_before,
      if(empty(siblings) AND empty(origins), NULL, last_before) AS ${column}`);
    joins.push(`LEFT JOIN (SELECT ${sign.column} source AS sibling_source, assumeNotNull(${field}) AS origin_id,
        groupArray(${moment}) AS moments
      FROM (${kept(among)}) WHERE record_type = '${recordType}' AND isNotNull(${field})
      GROUP BY ${sign.key}sibling_source, origin_id) AS naming ON c.source = sibling_source AND c.${field} = origin_id${sign.on('naming')}`);
  }
  if (stream === 'police') {
    cases = `SELECT *, if(ifNull(${fraudLoss.where}, 0), ${monthStart(occurredDay)}, NULL) AS fraud_month
      FROM (${cases})`;
    columns.push(part ? 'if(c.sign = 1, cap_now, cap_before) AS fraud_loss_cap' : 'fraud_loss_cap');
    joins.push(`LEFT JOIN (${part?.caps ?? lossCaps()}) AS caps ON c.fraud_month = cap_month`);
  }
  return `SELECT c.*, ${columns.join(', ')} FROM (${cases}) AS c
    ${joins.join('\n    ')}
    SETTINGS join_use_nulls = 1`;
}
