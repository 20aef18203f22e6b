import { z } from 'zod';
import { schemeDocument } from './schema.js';

/**
 * JSON Schema (draft 7) of a scheme document as it may be written, for editors. It knows keys, types and bounds; the
 * rules that need the catalogue or two places at once are those of `parseScheme` alone.
 */
export function schemeJsonSchema(): object {
  return z.toJSONSchema(schemeDocument, { io: 'input', target: 'draft-7' });
}
