import { defaultScheme, type Scheme, schemeHash, schemeJsonSchema } from '@pingan/indicators';
import { schemeChangeParts, schemeComments, schemeParts, sinceText } from '@pingan/presentation';
import { activeScheme, requireCounty, requireMonthText, schemeShares } from '@pingan/queries';
import { monthOfInstant } from '@pingan/regions';
import { Document, isMap, isScalar, type Pair, visit, type YAMLMap } from 'yaml';
import type { Context, Output } from '../context.js';
import { readScheme } from '../input/scheme.js';
import { printParts } from '../print.js';
import { together } from '../together.js';

/** `pingan scheme validate`. */
export async function schemeValidate(output: Output, file: string): Promise<void> {
  const scheme = await readScheme(file);
  printParts(output, schemeParts(scheme));
}

/** `pingan scheme show`: the scheme with nothing left open, as a document that can be read again. */
export async function schemeShow(output: Output, file?: string): Promise<void> {
  output.out(schemeYaml(file === undefined ? defaultScheme : await readScheme(file)));
}

/** `pingan scheme show --county`: the one a county's month is scored by; this month's without a month. */
export async function schemeShowInForce(
  context: Context,
  options: { county: string; month: string | undefined },
): Promise<void> {
  const county = await requireCounty(context.store, options.county);
  const month = options.month ?? monthOfInstant(Date.now(), county.timeZone);
  requireMonthText(month);
  const { scheme, fromMonth } = await activeScheme(context.store, county.code, month);
  context.out(schemeYaml(scheme, [`${county.name} ${month} 用的方案，${sinceText(fromMonth)}`]));
}

/** `pingan scheme diff`. */
export async function schemeDiff(output: Output, before: string, after: string): Promise<void> {
  const [a, b] = await together(readScheme(before), readScheme(after));
  printParts(output, schemeChangeParts({ name: before, scheme: a }, { name: after, scheme: b }));
}

/** `pingan scheme schema`: JSON Schema of a scheme document. */
export function schemeSchema(output: Output): void {
  output.out(JSON.stringify(schemeJsonSchema(), null, 2));
}

function schemeYaml(scheme: Scheme, remarks: readonly string[] = []): string {
  const names = new Map(
    schemeShares(scheme).flatMap(({ indicators }) => indicators.map(({ code, name }) => [code, name])),
  );
  const document = new Document(scheme, { aliasDuplicateObjects: false });
  document.commentBefore = [...remarks, `编号 ${schemeHash(scheme)}`].map((line) => ` ${line}`).join('\n');
  visit(document, {
    Map: (_key, node) => {
      const code = node.get('code', true);
      if (isScalar(code)) node.comment = ` ${names.get(String(code.value)) ?? ''}`;
      node.flow = isScalar(code) || node.has('colour');
      return isMap(node) && node.flow ? visit.SKIP : undefined;
    },
  });
  if (isMap(document.contents)) explainKeys(document.contents, '');
  return document.toString({ lineWidth: 0 }).trimEnd();
}

/** What the keys mean: above those that hold others, behind those that hold a value. */
function explainKeys(map: YAMLMap, path: string): void {
  for (const pair of map.items as Pair[]) {
    if (!isScalar(pair.key)) continue;
    const own = path === '' ? String(pair.key.value) : `${path}.${String(pair.key.value)}`;
    const text = schemeComments[own];
    if (text !== undefined && isScalar(pair.value)) pair.value.comment = ` ${text}`;
    else if (text !== undefined) pair.key.commentBefore = ` ${text}`;
    if (isMap(pair.value)) explainKeys(pair.value, own);
  }
}
