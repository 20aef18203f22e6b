import {
  creationDuty,
  creationPatrol,
  creationUnitStatus,
  rectificationItem,
  redLineEvent,
  surveyResult,
} from './creation.js';
import { type BodyField, fieldsOf } from './field-kinds.js';
import {
  mediationDispute,
  mediationGridEvent,
  mediationGridMonth,
  mediationHazard,
  mediationKeyGroupVisits,
} from './mediation.js';
import { opinionEvent } from './opinion.js';
import { hotlineOrder, petitionCase, petitionSuggestion } from './petition.js';
import { policeFraudWarning, policeIncident } from './police.js';
import type { RecordType } from './record-type.js';
import type { Stream } from './topics.js';

/**
 * All record types. New ones come last: their columns then stand behind those of earlier ones, on which the digests of stored
 * rows rest.
 */
const definitions = [
  policeIncident,
  petitionCase,
  hotlineOrder,
  mediationDispute,
  mediationGridEvent,
  mediationHazard,
  opinionEvent,
  policeFraudWarning,
  petitionSuggestion,
  mediationGridMonth,
  mediationKeyGroupVisits,
  creationUnitStatus,
  surveyResult,
  rectificationItem,
  creationDuty,
  creationPatrol,
  redLineEvent,
] as const;

type Definition = (typeof definitions)[number];
export type SchemaId = Definition['schema'];

function bySchema<T>(pick: (definition: Definition) => T): Record<SchemaId, T> {
  return Object.fromEntries(definitions.map((one) => [one.schema, pick(one)])) as Record<SchemaId, T>;
}

export const schemaIds: SchemaId[] = definitions.map(({ schema }) => schema);

/** `police.incident/1` → `police.incident`. */
export function recordTypeOf(schema: SchemaId): string {
  return schema.slice(0, schema.indexOf('/'));
}

/** The rules between fields of each record type. */
export const definitionOf: Record<SchemaId, RecordType> = bySchema((one) => one as unknown as RecordType);

/** The body each record type carries. */
export const bodySchemas = bySchema(({ body }) => body) as { [D in Definition as D['schema']]: D['body'] };

/** The fields of each body by name, in the order of its schema. */
export const bodyFields: Record<SchemaId, ReadonlyMap<string, BodyField>> = bySchema(({ body }) =>
  fieldsOf(body.shape),
);

export const streamOfSchema: Record<SchemaId, Stream> = bySchema(({ stream }) => stream);

/** What users call each record type. */
export const recordTypeNames: Readonly<Record<string, string>> = Object.fromEntries(
  definitions.map(({ schema, name }) => [recordTypeOf(schema), name]),
);
