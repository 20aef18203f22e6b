import {
  badRequest,
  recordTypeNames,
  recordTypeOf,
  schemaIds,
  streamNames,
  streamOfSchema,
  streams,
} from '@pingan/contracts';
import { catalogue, defaultSchemeOf, type Scheme } from '@pingan/indicators';

export const codesOfTypes = (types: readonly string[]): string[] =>
  catalogue.filter(({ recordType }) => types.includes(recordType)).map(({ code }) => code);

const allTypes = schemaIds.map((id) => recordTypeOf(id));

const typesOfStream = (stream: string) =>
  schemaIds.filter((id) => streamOfSchema[id] === stream).map((id) => recordTypeOf(id));

/** Codes by what may be written: a stream, a record type, both by code or in Chinese, or one indicator. */
const choices = new Map<string, readonly string[]>([
  ...catalogue.map(({ code }) => [code, [code]] as const),
  ...allTypes.flatMap((type) =>
    [type, recordTypeNames[type] ?? type].map((name) => [name, codesOfTypes([type])] as const),
  ),
  // Later ones count: a stream may be called like its main record type.
  ...streams.flatMap((stream) =>
    [stream, streamNames[stream]].map((name) => [name, codesOfTypes(typesOfStream(stream))] as const),
  ),
]);

/**
 * The default scheme for a county that has only some data.
 * @throws Refusal for unknown names, and where nothing of it is scored.
 */
export function partialScheme(text: string): Scheme {
  const codes = text.split(/[,，、]/).flatMap((part) => {
    const name = part.trim();
    // A mapping writes a record type with its number.
    const found = choices.get(name.replace(/\/\d+$/, ''));
    if (found) return found;
    const known = streams.map((stream) => `${stream}（${streamNames[stream]}）`).join('、');
    throw badRequest(
      `--only 中没有 ${name}。可写 ${known}，其中一类数据，例如 mediation.dispute（矛盾纠纷），或指标代码，例如 S01；几个之间用逗号分隔。`,
    );
  });
  const scheme = defaultSchemeOf(codes);
  if (scheme) return scheme;
  throw badRequest(`--only ${text}：默认方案没有用到它，请另写方案文件。`);
}
