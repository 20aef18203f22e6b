import { type SchemaId, textFields } from '@pingan/contracts';
import { findPersonalData } from './find.js';
import type { PersonalData, TextContext } from './kinds.js';

/** What the gate needs to know of an event; a ledger's row that breaks other rules may lack parts of it. */
export interface GatedEvent {
  schema: SchemaId;
  op: 'upsert' | 'retract';
  county?: unknown;
  case_id?: unknown;
  id_kind?: unknown;
  occurred_at?: unknown;
  recorded_at?: unknown;
  body: object;
}

export interface PersonalField {
  /** `case_id`, `body.sub_category`. */
  path: string;
  kind: PersonalData;
}

/** The other ids name a record that may be older. */
const units = new Set(['grid_id', 'unit_id']);

/** Texts without personal data that were met before: categories and units repeat, and most texts are such. */
const innocent = new Set<string>();
const REMEMBERED = 10_000;
const REMEMBERED_CHARS = 64;

function findInText(text: string, context: TextContext): PersonalData | undefined {
  if (innocent.has(text)) return undefined;
  const found = findPersonalData(text, context);
  // What nine digits in a row mean may depend on the record.
  if (found !== undefined || text.length > REMEMBERED_CHARS || /\d{9}/.test(text)) return found;
  if (innocent.size >= REMEMBERED) innocent.clear();
  // A piece cut from a file would keep the whole chunk in memory.
  innocent.add(Buffer.from(text, 'utf8').toString('utf8'));
  return undefined;
}

function daysOf(event: GatedEvent): string[] {
  const values = [event.occurred_at, event.recorded_at, ...Object.values(event.body)];
  return values.filter((value) => typeof value === 'string' && /^\d{4}-\d\d/.test(value)) as string[];
}

class EventContext implements TextContext {
  readonly county: string | undefined;
  readonly serial: boolean;
  kind: 'id' | 'text' = 'id';
  reference = false;
  private known: string[] | undefined;

  constructor(private readonly event: GatedEvent) {
    this.county = typeof event.county === 'string' ? event.county : undefined;
    this.serial = event.id_kind === 'serial';
  }

  /** Asked for only when a number might be a date of birth. */
  get days(): string[] {
    this.known ??= daysOf(this.event);
    return this.known;
  }
}

/** Every field of an event that holds personal data: the same answer for a row of a ledger and for a message of the log. */
export function personalFields(event: GatedEvent): PersonalField[] {
  const found: PersonalField[] = [];
  const context = new EventContext(event);
  if (typeof event.case_id === 'string') {
    const kind = findPersonalData(event.case_id, context);
    if (kind !== undefined) found.push({ path: 'case_id', kind });
  }
  const body = event.body as Record<string, unknown>;
  for (const { name, kind: fieldKind } of textFields(event.schema, event.op)) {
    const text = body[name];
    if (typeof text !== 'string') continue;
    context.kind = fieldKind;
    context.reference = fieldKind === 'id' && !units.has(name);
    const kind = fieldKind === 'id' ? findPersonalData(text, context) : findInText(text, context);
    if (kind !== undefined) found.push({ path: `body.${name}`, kind });
  }
  return found;
}
