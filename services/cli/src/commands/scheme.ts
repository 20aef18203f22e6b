import { defaultScheme, type Scheme, schemeHash } from '@pingan/indicators';
import { Document, isMap, isScalar, visit } from 'yaml';
import type { Output } from '../context.js';
import { readScheme } from '../input/scheme.js';
import { percent, schemeShares } from '../scheme-shares.js';
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

export function schemeYaml(scheme: Scheme): string {
  const names = new Map(
    schemeShares(scheme).flatMap(({ indicators }) => indicators.map(({ code, name }) => [code, name])),
  );
  const document = new Document(scheme, { aliasDuplicateObjects: false });
  document.commentBefore = ` 编号 ${schemeHash(scheme)}`;
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
