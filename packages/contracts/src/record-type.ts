import type { z } from 'zod';
import type { Stream } from './topics.js';

type Pairs<Shape> = ReadonlyArray<readonly [keyof Shape & string, keyof Shape & string]>;

/** Everything that is known of a record type; a breaking change is another one, with the next number after the slash. */
export interface RecordType<Schema extends string = string, Shape extends z.ZodRawShape = z.ZodRawShape> {
  /** `police.incident/1`. */
  schema: Schema;
  /** What users call it. */
  name: string;
  stream: Stream;
  body: z.ZodObject<Shape>;
  /**
   * (earlier, later): pairs that no real case can turn round. A row that does is a recording error and is rejected, because
   * every clock computed from it would be wrong.
   */
  timeOrders?: Pairs<Shape>;
  /** (part, whole): a part above its whole is a recording error. */
  parts?: Pairs<Shape>;
  /** (field, other): the field may not stand without the other. */
  together?: Pairs<Shape>;
  /** (lower, higher): the second may not lie below the first. */
  levels?: Pairs<Shape>;
}

/** Checks a definition and keeps its exact type. */
export function recordType<const Schema extends string, Shape extends z.ZodRawShape>(
  definition: RecordType<Schema, Shape>,
): RecordType<Schema, Shape> {
  return definition;
}
