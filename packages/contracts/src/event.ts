import { z } from 'zod';
import { isPlainId, isPlainText, plainId, plainText, visibleText } from './plain-text.js';
import {
  caseId,
  countyCode,
  instant,
  isBefore,
  isOtherYear,
  occurrence,
  regionCode,
  shortText,
  sourceName,
  unitRef,
} from './primitives.js';
import { type Check, quickObject } from './quick-check.js';
import { bodyFields, bodySchemas, definitionOf, type SchemaId, schemaIds } from './record-types.js';

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
  checkBody(event.schema, event.body as Record<string, unknown>, ctx);
}

function checkBody(schema: SchemaId, body: Record<string, unknown>, ctx: Faults): void {
  const { timeOrders = [], parts = [], together = [], levels = [] } = definitionOf[schema];
  for (const [earlier, later] of timeOrders) {
    const a = body[earlier];
    const b = body[later];
    if (typeof a === 'string' && typeof b === 'string' && isBefore(b, a)) {
      addIssue(ctx, ['body', later], `before_${earlier}`);
    }
  }
  for (const [part, whole] of parts) {
    if ((body[part] as number) > (body[whole] as number)) addIssue(ctx, ['body', part], `above_${whole}`);
  }
  for (const [field, other] of together) {
    if (body[field] !== undefined && body[other] === undefined) {
      addIssue(ctx, ['body', other], `required_with_${field}`);
    }
  }
  for (const [lower, higher] of levels) {
    if ((body[higher] as number) < (body[lower] as number)) addIssue(ctx, ['body', higher], `below_${lower}`);
  }
}

/** Texts of a body that somebody typed: identities, which other records may name, and other texts. */
export interface TextField {
  name: string;
  kind: 'id' | 'text';
}

function textFieldsOf(schema: SchemaId): TextField[] {
  return [...bodyFields[schema]].flatMap(([name, { kind }]) =>
    kind === 'id' || kind === 'text' ? [{ name, kind }] : [],
  );
}

const upsertTexts = Object.fromEntries(schemaIds.map((id) => [id, textFieldsOf(id)])) as Record<SchemaId, TextField[]>;
const retractTexts: TextField[] = [{ name: 'reason', kind: 'text' }];

/** The fields of an event's body in which somebody may have written anything. */
export function textFields(schema: SchemaId, op: 'upsert' | 'retract'): readonly TextField[] {
  return op === 'retract' ? retractTexts : upsertTexts[schema];
}

const plainForms = { id: plainId, text: plainText };

/**
 * Fields of a record type's body that tell what has happened, and so cannot lie in the future: all of the kind `moment`. A
 * `deadline` (a due date, what it was extended to, when an agreement is to be performed) may.
 */
export const happenedFields = Object.fromEntries(
  schemaIds.map((id) => [id, [...bodyFields[id]].flatMap(([name, { kind }]) => (kind === 'moment' ? [name] : []))]),
) as Record<SchemaId, string[]>;

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

const timeRules = new Set(['invalid_instant', 'invalid_moment', 'invalid_occurred_at']);

function ruleOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (timeRules.has(issue.message) && isOtherYear(value)) return 'year_out_of_range';
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
