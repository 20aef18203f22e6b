import { month as monthSchema } from '@pingan/contracts';
import { defaultScheme, type Scheme, schemeHash, schemeJsonSchema } from '@pingan/indicators';
import { monthOfInstant } from '@pingan/regions';
import { Document, isMap, isScalar, visit } from 'yaml';
import type { Context, Output } from '../context.js';
import { badRequest } from '../failure.js';
import { readScheme } from '../input/scheme.js';
import { percent, schemeShares } from '../scheme-shares.js';
import { requireCounty } from '../scope.js';
import { activeScheme } from '../stored-scheme.js';
import { renderTable } from '../table.js';

/** `pingan scheme validate`. */
export async function schemeValidate(output: Output, file: string): Promise<void> {
  const scheme = await readScheme(file);
  output.out(`方案有效:${scheme.name}  编号 ${schemeHash(scheme)}`);
  output.out(
    renderTable(
      [
        { title: '维度', value: ({ name }) => name },
        { title: '占比', value: ({ share }) => percent(share), align: 'right' },
        { title: '指标数', value: ({ indicators }) => String(indicators.length), align: 'right' },
        { title: '指标', value: ({ indicators }) => indicators.map(({ code }) => code).join(' ') },
      ],
      schemeShares(scheme),
    ),
  );
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
  const county = await requireCounty(context, options.county);
  const month = options.month ?? monthOfInstant(Date.now(), county.timeZone);
  if (!monthSchema.safeParse(month).success) throw badRequest(`月份 ${month} 不对,应为 YYYY-MM,例如 2026-10。`);
  const { scheme, since } = await activeScheme(context.store, county.code, month);
  context.out(schemeYaml(scheme, [`${county.name} ${month} 用的方案,${since}`]));
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
  return document.toString({ lineWidth: 0 }).trimEnd();
}
