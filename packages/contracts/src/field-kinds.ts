import { z } from 'zod';

/**
 * What a body field holds, stated once: columns, ledger cells and plain forms follow from it.
 * `id` names a case or unit; `text` is what somebody typed; `choice` is one of a list. `moment` and `deadline` differ in
 * what a bare day means: its beginning, its end in the county.
 */
export type FieldKind = 'id' | 'text' | 'choice' | 'flag' | 'whole' | 'number' | 'moment' | 'deadline';

/** Kinds of the schemas that are strings for zod. */
const registered = z.registry<{ kind: FieldKind }>();

export function ofKind<T extends z.ZodType>(kind: FieldKind, schema: T): T {
  registered.add(schema, { kind });
  return schema;
}

export interface BodyField {
  kind: FieldKind;
  required: boolean;
  /** Greatest value of a number. */
  max: number;
  /** The words of a `choice`; empty for other kinds. */
  words: readonly string[];
}

function kindOf(name: string, schema: z.core.$ZodType): FieldKind {
  const kind = registered.get(schema)?.kind;
  if (kind !== undefined) return kind;
  if (schema instanceof z.ZodBoolean) return 'flag';
  if (schema instanceof z.ZodEnum) return 'choice';
  if (schema instanceof z.ZodNumber) return schema.isInt ? 'whole' : 'number';
  throw new Error(`field ${name} has no kind`);
}

/** The fields of a body by name, in the order of its schema. @throws for a schema whose kind is not known. */
export function fieldsOf(shape: Readonly<Record<string, z.core.$ZodType>>): Map<string, BodyField> {
  return new Map(
    Object.entries(shape).map(([name, field]) => {
      const optional = field instanceof z.ZodOptional;
      const schema = optional ? field.unwrap() : field;
      const max = schema instanceof z.ZodNumber ? schema.maxValue : null;
      const words = schema instanceof z.ZodEnum ? schema.options.map(String) : [];
      return [name, { kind: kindOf(name, schema), required: !optional, max: max ?? Number.POSITIVE_INFINITY, words }];
    }),
  );
}
