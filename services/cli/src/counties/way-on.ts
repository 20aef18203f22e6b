import { type Evidence, firstMonthOf, readEvidence, scoresOf } from '@pingan/appraisal';
import { recordTypeNames } from '@pingan/contracts';
import { defaultSchemeOf, findIndicator, missingReasonText, type Scheme } from '@pingan/indicators';
import type { County } from '@pingan/regions';
import { ALWAYS, type RunIndicator } from '@pingan/store';
import type { Context } from '../context.js';
import { percent, type SchemeShare, schemeShares } from '../scheme-shares.js';
import { activeScheme } from '../stored-scheme.js';
import { codesOfTypes } from './partial-scheme.js';

const typeOf = (code: string) => findIndicator(code)!.recordType;
const typeName = (recordType: string) => recordTypeNames[recordType] ?? recordType;
const sum = (shares: readonly SchemeShare[]) => shares.reduce((all, { share }) => all + share, 0);

interface Missing {
  reason: string;
  indicators: SchemeShare[];
}

/** Indicators of a scheme without a score in any unit, by the reason most of the units have. */
export function missingOf(scheme: Scheme, rows: readonly RunIndicator[]): Missing[] {
  const byReason = new Map<string, SchemeShare[]>();
  for (const own of schemeShares(scheme).flatMap(({ indicators }) => indicators)) {
    const found = rows.filter(({ code }) => code === own.code);
    if (own.share === 0 || found.some(({ score }) => score !== null)) continue;
    const reasons = found.map(({ missing_reason }) => missing_reason ?? '');
    const count = (reason: string) => reasons.filter((one) => one === reason).length;
    const reason = [...new Set(reasons)].sort((a, b) => count(b) - count(a))[0] ?? 'no_data_month';
    byReason.set(reason, [...(byReason.get(reason) ?? []), own]);
  }
  return [...byReason]
    .map(([reason, indicators]) => ({ reason, indicators }))
    .sort((a, b) => sum(b.indicators) - sum(a.indicators));
}

const advice: Readonly<Record<string, string>> = {
  no_population: '请在区域表中补上人口数，再用 pingan county add 更新登记',
  no_baseline: '有了以往月份的数据才能计分',
};

function missingLine({ reason, indicators }: Missing): string {
  const share = (list: readonly SchemeShare[]) => `占总权重 ${percent(sum(list))}`;
  if (reason !== 'no_data_month') {
    const codes = indicators.map(({ code }) => code).join('、');
    const hint = advice[reason] === undefined ? '' : `：${advice[reason]}`;
    return `  ${missingReasonText(reason)}（${codes}，${share(indicators)}）${hint}`;
  }
  const types = [...new Set(indicators.map(({ code }) => typeOf(code)))];
  const parts = types.map(
    (type) => `${typeName(type)}（${share(indicators.filter(({ code }) => typeOf(code) === type))}）`,
  );
  return `  本月没有报送：${parts.join('、')}`;
}

/**
 * What of the default scheme gives some unit a score by itself: whole record types, else single indicators. Both are tried, not
 * reckoned. Undefined where neither does.
 */
function partThatScores(evidence: Evidence, month: string, rows: readonly RunIndicator[]): string[] | undefined {
  const valued = rows.filter(({ value, code }) => value !== null && findIndicator(code) !== undefined);
  const codes = [...new Set(valued.map(({ code }) => code))];
  const types = [...new Set(codes.map(typeOf))].sort();
  const scores = (included: readonly string[]): boolean => {
    const scheme = defaultSchemeOf(included);
    if (!scheme) return false;
    const { units } = scoresOf({ ...evidence, schemeOf: () => scheme }, month, new Map());
    return units.some(({ score }) => score !== null);
  };
  if (scores(codesOfTypes(types))) return types;
  const single = codes.filter((code) => scores([code]));
  return scores(single) ? single : undefined;
}

/** What a month lacks in which no unit has a score, and what puts it right; lines of Chinese. */
export async function wayOn(context: Context, county: County, month: string, runId: string): Promise<string[]> {
  const { code } = county;
  const [{ scheme, fromMonth }, rows, read, published] = await Promise.all([
    activeScheme(context.store, code, month),
    context.store.runs.indicators(runId),
    readEvidence(context.store, county),
    context.store.runs.publishedMonths(code),
  ]);
  const missing = missingOf(scheme, rows);
  const total = percent(sum(missing.flatMap(({ indicators }) => indicators)));
  const lines = [
    `本月没有一个单位有得分：方案「${scheme.name}」的指标缺了总权重的 ${total}，方案允许一个维度内、维度之间各缺 ${percent(scheme.missing.max_share)}。`,
    ...missing.map(missingLine),
    '怎么办：',
    `  把缺的台账也导入：pingan import --county ${code} --mapping 映射.yaml 台账`,
  ];
  if (!read || published.length > 0) return lines;
  const part = partThatScores(read.evidence, month, rows);
  const from = fromMonth === null || fromMonth === ALWAYS ? (firstMonthOf(read.evidence) ?? month) : fromMonth;
  if (!part) return lines;
  const names = part.map((one) => recordTypeNames[one] ?? findIndicator(one)?.name ?? one).join('、');
  const way = `pingan scheme activate --county ${code} --only ${part.join(',')} --from ${from}`;
  return [...lines, `  或先只按有数据的评分（${names}），没有发布之前可以再换：${way}`];
}
