import { bodySchemas, moment, type SchemaId } from '@pingan/contracts';
import { z } from 'zod';

/** How the text of a ledger cell becomes a value of the event's body. */
export type FieldKind = 'moment' | 'number' | 'boolean' | 'text';

export interface BodyField {
  kind: FieldKind;
  required: boolean;
}

/** The fields a record type's body has, read off its schema so that the two cannot differ. */
export function bodyFields(schema: SchemaId): Map<string, BodyField> {
  const fields = new Map<string, BodyField>();
  for (const [name, type] of Object.entries(bodySchemas[schema].shape) as [string, z.ZodType][]) {
    const required = !(type instanceof z.ZodOptional);
    const inner = type instanceof z.ZodOptional ? type.unwrap() : type;
    fields.set(name, { kind: kindOf(inner), required });
  }
  return fields;
}

function kindOf(type: unknown): FieldKind {
  if (type === moment) return 'moment';
  if (type instanceof z.ZodNumber) return 'number';
  if (type instanceof z.ZodBoolean) return 'boolean';
  return 'text';
}
