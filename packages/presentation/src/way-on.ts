import { recordTypeNames } from '@pingan/contracts';
import { findIndicator, missingReasonText } from '@pingan/indicators';
import type { Lack, SchemeShare, WayOn } from '@pingan/queries';
import { shareText } from './scheme-changes.js';
import type { Part } from './sheet.js';

const typeOf = (code: string) => findIndicator(code)!.recordType;
const typeName = (recordType: string) => recordTypeNames[recordType] ?? recordType;
const sum = (shares: readonly SchemeShare[]) => shares.reduce((all, { share }) => all + share, 0);

const advice: Readonly<Record<string, string>> = {
  no_population: '请在区域表中补上人口数，再用 pingan county add 更新登记',
  no_baseline: '有了以往月份的数据才能计分',
};

function lackLine({ reason, indicators }: Lack): string {
  const share = (list: readonly SchemeShare[]) => `占总权重 ${shareText(sum(list))}`;
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

/** What a month lacks in which no unit has a score, and what to do. */
export function wayOnParts({ county, scheme, lacks, part }: WayOn): Part[] {
  const total = shareText(sum(lacks.flatMap(({ indicators }) => indicators)));
  const parts = [
    `本月没有一个单位有得分：方案「${scheme.name}」的指标缺了总权重的 ${total}，方案允许一个维度内、维度之间各缺 ${shareText(scheme.missing.max_share)}。`,
    ...lacks.map(lackLine),
    '怎么办：',
    `  把缺的台账也导入：pingan import --county ${county} --mapping 映射.yaml 台账`,
  ];
  if (part === null) return parts;
  const names = part.names.map((one) => recordTypeNames[one] ?? findIndicator(one)?.name ?? one).join('、');
  const way = `pingan scheme activate --county ${county} --only ${part.names.join(',')} --from ${part.from}`;
  return [...parts, `  或先只按有数据的评分（${names}），没有发布之前可以再换：${way}`];
}
