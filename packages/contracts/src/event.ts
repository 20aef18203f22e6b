import { z } from 'zod';
import { dutyBody, patrolBody, rectificationBody, redLineBody, surveyResultBody, unitStatusBody } from './creation.js';
import { gridEventBody, gridMonthBody, hazardBody, keyGroupVisitsBody, mediationDisputeBody } from './mediation.js';
import { opinionEventBody } from './opinion.js';
import { hotlineOrderBody, petitionCaseBody, suggestionBody } from './petition.js';
import { isPlainId, isPlainText, plainId, plainText, visibleText } from './plain-text.js';
import { fraudWarningBody, policeIncidentBody } from './police.js';
import {
  caseId,
  countyCode,
  instant,
  isBefore,
  occurrence,
  regionCode,
  shortText,
  sourceName,
  unitRef,
} from './primitives.js';
import { type Check, quickObject } from './quick-check.js';

/** Record types and the body each carries. A breaking change gets a new number after the slash, and both are read. */
export const bodySchemas = {
  'police.incident/1': policeIncidentBody,
  'petition.case/1': petitionCaseBody,
  'hotline.order/1': hotlineOrderBody,
  'mediation.dispute/1': mediationDisputeBody,
  'mediation.grid_event/1': gridEventBody,
  'mediation.hazard/1': hazardBody,
  'opinion.event/1': opinionEventBody,
  'police.fraud_warning/1': fraudWarningBody,
  'petition.suggestion/1': suggestionBody,
  'mediation.grid_month/1': gridMonthBody,
  'mediation.key_group_visits/1': keyGroupVisitsBody,
  'creation.unit_status/1': unitStatusBody,
  'survey.result/1': surveyResultBody,
  'rectification.item/1': rectificationBody,
  'creation.duty/1': dutyBody,
  'creation.patrol/1': patrolBody,
  'red_line.event/1': redLineBody,
} as const;

export type SchemaId = keyof typeof bodySchemas;
export const schemaIds = Object.keys(bodySchemas) as SchemaId[];

/** `police.incident/1` → `police.incident`. */
export function recordTypeOf(schema: SchemaId): string {
  return schema.slice(0, schema.indexOf('/'));
}

/**
 * Pairs (earlier, later) that no real case can turn round. A row that does is a recording error and is rejected, because
 * every clock computed from it would be wrong.
 */
const timeOrders: Record<SchemaId, ReadonlyArray<readonly [string, string]>> = {
  'police.incident/1': [
    ['reported_at', 'dispatched_at'],
    ['reported_at', 'arrived_at'],
    ['dispatched_at', 'arrived_at'],
    ['arrived_at', 'feedback_at'],
    ['reported_at', 'closed_at'],
  ],
  'petition.case/1': [
    ['registered_at', 'transferred_at'],
    ['registered_at', 'accept_notified_at'],
    ['registered_at', 'accepted_at'],
    ['registered_at', 'due_at'],
    ['due_at', 'extended_to'],
    ['registered_at', 'closed_at'],
    ['accepted_at', 'closed_at'],
    ['review_requested_at', 'review_decided_at'],
    ['recheck_requested_at', 'recheck_decided_at'],
  ],
  'hotline.order/1': [
    ['registered_at', 'accepted_at'],
    ['registered_at', 'due_at'],
    ['due_at', 'extended_to'],
    ['registered_at', 'closed_at'],
  ],
  'mediation.dispute/1': [
    ['accepted_at', 'closed_at'],
    ['closed_at', 'performed_at'],
    ['accepted_at', 'turned_criminal_at'],
  ],
  'mediation.grid_event/1': [
    ['accepted_at', 'due_at'],
    ['accepted_at', 'closed_at'],
  ],
  'mediation.hazard/1': [
    ['found_at', 'due_at'],
    ['found_at', 'fixed_at'],
  ],
  'opinion.event/1': [
    ['discovered_at', 'verified_at'],
    ['discovered_at', 'first_response_at'],
    ['discovered_at', 'closed_at'],
  ],
  'police.fraud_warning/1': [],
  'petition.suggestion/1': [
    ['registered_at', 'due_at'],
    ['due_at', 'extended_to'],
    ['registered_at', 'closed_at'],
  ],
  'mediation.grid_month/1': [],
  'mediation.key_group_visits/1': [],
  'creation.unit_status/1': [],
  'survey.result/1': [],
  'rectification.item/1': [
    ['issued_at', 'due_at'],
    ['issued_at', 'closed_at'],
  ],
  'creation.duty/1': [],
  'creation.patrol/1': [],
  'red_line.event/1': [],
};

/** Pairs (part, whole): a part above its whole is a recording error. */
const partsOfWholes: Partial<Record<SchemaId, readonly [string, string]>> = {
  'police.fraud_warning/1': ['dissuaded', 'warned'],
  'mediation.key_group_visits/1': ['done', 'planned'],
  'survey.result/1': ['felt_safe', 'asked'],
  'creation.patrol/1': ['signed', 'expected'],
};

/** Deadlines: a value known only to the day means the end of that day in the county. */
export const endOfDayFields: ReadonlySet<string> = new Set(['due_at', 'extended_to', 'perform_due_at']);

/** Most recorded_at may lie before occurred_at: clocks of source systems differ by minutes, never by a day. */
const CLOCK_SKEW_MS = 3_600_000;

const envelope = {
  county: countyCode,
  source: sourceName,
  case_id: caseId,
  /** `serial`: the source vouches that its ids are running numbers, though they may look like telephone numbers. */
  id_kind: z.literal('serial').optional(),
  /** Grows with every change in the source; milliseconds of its last change where the source has one. */
  version: z.int().min(0),
  region_code: regionCode,
  /** When it happened, no finer than the source knows it: instant, day or month as `precision` says. */
  occurred_at: occurrence,
  precision: z.enum(['time', 'day', 'month']).optional(),
  recorded_at: instant,
};

const precisionLength = { day: 10, month: 7 } as const;

/** The only part of zod's context that the rules across fields need. */
type Faults = Pick<z.RefinementCtx, 'addIssue'>;

function addIssue(ctx: Faults, path: string[], rule: string): void {
  ctx.addIssue({ code: 'custom', path, message: rule });
}

interface Checked {
  schema: SchemaId;
  op: 'upsert' | 'retract';
  occurred_at: string;
  precision?: 'time' | 'day' | 'month' | undefined;
  recorded_at: string;
  body: object;
}

function checkEvent(event: Checked, ctx: Faults): void {
  const precision = event.precision ?? 'time';
  const length = event.occurred_at.length;
  const matches = precision === 'time' ? length > 10 : length === precisionLength[precision];
  if (!matches) addIssue(ctx, ['occurred_at'], 'precision_mismatch');
  else if (precision === 'time' && isBefore(event.recorded_at, event.occurred_at, CLOCK_SKEW_MS)) {
    addIssue(ctx, ['occurred_at'], 'occurred_after_recorded');
  }
  if (event.op === 'retract') return;
  const body = event.body as Record<string, unknown>;
  for (const [earlier, later] of timeOrders[event.schema]) {
    const a = body[earlier];
    const b = body[later];
    if (typeof a === 'string' && typeof b === 'string' && isBefore(b, a)) {
      addIssue(ctx, ['body', later], `before_${earlier}`);
    }
  }
  const parts = partsOfWholes[event.schema];
  if (parts && (body[parts[0]] as number) > (body[parts[1]] as number)) {
    addIssue(ctx, ['body', parts[0]], `above_${parts[1]}`);
  }
  if (event.schema === 'mediation.dispute/1') {
    if (body.turned_criminal_case_id !== undefined && body.turned_criminal_at === undefined) {
      addIssue(ctx, ['body', 'turned_criminal_at'], 'required_with_turned_criminal_case_id');
    }
    if (body.result !== undefined && body.closed_at === undefined) {
      addIssue(ctx, ['body', 'closed_at'], 'required_with_result');
    }
  }
  if (event.schema === 'opinion.event/1' && (body.peak_level as number | undefined) !== undefined) {
    if ((body.peak_level as number) < (body.level as number)) addIssue(ctx, ['body', 'peak_level'], 'below_level');
  }
}

/** Texts of a body that somebody typed: identities, which other records may name, and other texts. */
export interface TextField {
  name: string;
  kind: 'id' | 'text';
}

function textFieldsOf(schema: SchemaId): TextField[] {
  return Object.entries(bodySchemas[schema].shape).flatMap(([name, field]): TextField[] => {
    const inner = field instanceof z.ZodOptional ? field.unwrap() : field;
    if (inner === caseId || inner === unitRef) return [{ name, kind: 'id' }];
    return inner === shortText ? [{ name, kind: 'text' }] : [];
  });
}

const upsertTexts = Object.fromEntries(schemaIds.map((id) => [id, textFieldsOf(id)])) as Record<SchemaId, TextField[]>;
const retractTexts: TextField[] = [{ name: 'reason', kind: 'text' }];

/** The fields of an event's body in which somebody may have written anything. */
export function textFields(schema: SchemaId, op: 'upsert' | 'retract'): readonly TextField[] {
  return op === 'retract' ? retractTexts : upsertTexts[schema];
}

const plainForms = { id: plainId, text: plainText };

/** The event with its identities and texts in their one form. */
function plainEvent(schema: SchemaId, op: 'upsert' | 'retract', input: Record<string, unknown>) {
  const event: Record<string, unknown> = { ...input };
  for (const name of ['county', 'source', 'case_id', 'region_code']) {
    const value = event[name];
    if (typeof value === 'string') event[name] = plainId(value);
  }
  if (typeof event.body !== 'object' || event.body === null || Array.isArray(event.body)) return event;
  const body: Record<string, unknown> = { ...event.body };
  for (const { name, kind } of textFields(schema, op)) {
    const value = body[name];
    if (typeof value === 'string') body[name] = plainForms[kind](value);
  }
  event.body = body;
  return event;
}

/** A withdrawn case needs no body; the reason is kept for the audit. */
const retractBody = z.object({ reason: z.string().max(200).optional() });

function upsertOf<S extends SchemaId>(schema: S) {
  return z.object({
    schema: z.literal(schema),
    ...envelope,
    op: z.literal('upsert'),
    body: bodySchemas[schema],
  });
}

function retractOf<S extends SchemaId>(schema: S) {
  return z.object({ schema: z.literal(schema), ...envelope, op: z.literal('retract'), body: retractBody });
}

const validators = Object.fromEntries(
  schemaIds.map((id) => [
    id,
    { upsert: upsertOf(id).superRefine(checkEvent), retract: retractOf(id).superRefine(checkEvent) },
  ]),
) as unknown as Record<SchemaId, { upsert: z.ZodType<PingAnEvent>; retract: z.ZodType<PingAnEvent> }>;

/** Instead of the rules of their schemas: in its one form already and short enough, nothing to do but to accept it. */
const plainTexts = new Map<z.core.$ZodType, Check>([
  [caseId, (value) => typeof value === 'string' && value.length <= 128 && isPlainId(value)],
  [regionCode, (value) => typeof value === 'string' && value.length <= 32 && isPlainId(value)],
  [unitRef, (value) => typeof value === 'string' && value.length <= 64 && isPlainId(value)],
  [shortText, (value) => typeof value === 'string' && value.length <= 64 && isPlainText(value)],
]);
const quickEnvelope = quickObject(
  {
    schema: z.enum(schemaIds as [SchemaId, ...SchemaId[]]),
    ...envelope,
    op: z.literal('upsert'),
    body: z.custom<object>((value) => typeof value === 'object' && value !== null),
  },
  plainTexts,
);
const quickBodies = Object.fromEntries(
  schemaIds.map((id) => [id, quickObject(bodySchemas[id].shape as Record<string, z.core.$ZodType>, plainTexts)]),
) as Record<SchemaId, ReturnType<typeof quickObject>>;

/** A sound upsert without extra fields, the common case; anything else is for the schemas to judge. */
function quickUpsert(schema: SchemaId, input: object): PingAnEvent | undefined {
  if (!quickEnvelope(input)) return undefined;
  const event = input as Checked;
  if (!quickBodies[schema](event.body)) return undefined;
  let faults = 0;
  checkEvent(event, {
    addIssue: () => {
      faults += 1;
    },
  });
  return faults === 0 ? (event as unknown as PingAnEvent) : undefined;
}

type Upsert<S extends SchemaId> = z.infer<ReturnType<typeof upsertOf<S>>>;
type Retract<S extends SchemaId> = z.infer<ReturnType<typeof retractOf<S>>>;
type EventOf<S extends SchemaId> = S extends SchemaId
  ? (Omit<Upsert<S>, 'body'> & { body: z.infer<(typeof bodySchemas)[S]> }) | Retract<S>
  : never;

/** The complete state of one case at one version, as its source knows it. */
export type PingAnEvent = EventOf<SchemaId>;

/** Why an event is refused: the field's path, the rule it breaks, and the value (shortened, never logged in full). */
export interface Violation {
  path: string;
  rule: string;
  value: string;
}

export type EventOutcome = { ok: true; event: PingAnEvent } | { ok: false; violations: Violation[] };

const VALUE_LIMIT = 40;

/** JSON of any value that was parsed from JSON: one nested too deeply to be printed again is an ellipsis. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch (error) {
    if (error instanceof RangeError) return '…';
    throw error;
  }
}

/** A value for a report: its beginning, with what nobody would see written out. */
export function shortened(value: unknown): string {
  const text = visibleText(typeof value === 'string' ? value : jsonText(value));
  return text.length > VALUE_LIMIT ? `${text.slice(0, VALUE_LIMIT)}…` : text;
}

/** The value at a path of `Violation`, parts of which are joined by dots. */
export function valueAtPath(input: unknown, path: string): unknown {
  return path === '' ? input : valueAt(input, path.split('.'));
}

function valueAt(input: unknown, path: ReadonlyArray<PropertyKey>): unknown {
  let value: unknown = input;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  return value;
}

function refuse(path: string, rule: string, value: unknown): EventOutcome {
  return { ok: false, violations: [{ path, rule, value: shortened(value) }] };
}

function ruleOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined && issue.code !== 'custom') return 'required';
  if (issue.code === 'custom') return issue.message;
  if (issue.code === 'invalid_value') return 'not_in_list';
  if (issue.code === 'invalid_type') return `expected_${issue.expected}`;
  return /^[a-z_]+$/.test(issue.message) ? issue.message : issue.code;
}

/**
 * Checks an unknown value against the envelope and its record type. Identities and texts come out in their one form
 * (`plainId`, `plainText`). Unknown extra fields are dropped, never stored.
 */
export function parseEvent(input: unknown): EventOutcome {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return refuse('', 'not_an_object', input);
  const { schema, op } = input as { schema?: unknown; op?: unknown };
  const byOp =
    typeof schema === 'string' && Object.hasOwn(validators, schema) ? validators[schema as SchemaId] : undefined;
  if (!byOp) return refuse('schema', schema === undefined ? 'required' : 'unknown_schema', schema);
  if (op !== 'upsert' && op !== 'retract') return refuse('op', op === undefined ? 'required' : 'not_in_list', op);
  const quick = op === 'upsert' ? quickUpsert(schema as SchemaId, input) : undefined;
  if (quick) return { ok: true, event: quick };
  const result = byOp[op].safeParse(plainEvent(schema as SchemaId, op, input as Record<string, unknown>));
  if (result.success) return { ok: true, event: result.data };
  return {
    ok: false,
    violations: result.error.issues.map((issue) => {
      const value = valueAt(input, issue.path);
      return { path: issue.path.join('.'), rule: ruleOf(issue, value), value: shortened(value) };
    }),
  };
}

/** Kafka key: the identity of the case, so that all its versions stay in one partition. */
export function eventKey(event: { county: string; source: string; case_id: string }): string {
  return `${event.county}/${event.source}/${event.case_id}`;
}
