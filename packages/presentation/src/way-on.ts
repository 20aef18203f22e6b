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

/** Record types of which nothing counts in the month. */
const typesOf = ({ reason, indicators }: Lack): string[] =>
  reason === 'no_data_month' ? [...new Set(indicators.map(({ code }) => typeOf(code)))] : [];

function lackLines({ reason, indicators }: Lack, unplaced: WayOn['unplaced']): string[] {
  const share = (list: readonly SchemeShare[]) => `占总权重 ${shareText(sum(list))}`;
  if (reason !== 'no_data_month') {
    const codes = indicators.map(({ code }) => code).join('、');
    const hint = advice[reason] === undefined ? '' : `：${advice[reason]}`;
    return [`  ${missingReasonText(reason)}（${codes}，${share(indicators)}）${hint}`];
  }
  const types = typesOf({ reason, indicators });
  const shareOf = (type: string) => share(indicators.filter(({ code }) => typeOf(code) === type));
  const absent = types.filter((type) => !unplaced.has(type)).map((type) => `${typeName(type)}（${shareOf(type)}）`);
  const nowhere = types
    .filter((type) => unplaced.has(type))
    .map((type) => `${typeName(type)} ${unplaced.get(type)} 件（${shareOf(type)}）`);
  return [
    ...(nowhere.length > 0 ? [`  有数据但都没有乡镇：${nowhere.join('、')}`] : []),
    ...(absent.length > 0 ? [`  本月没有入库的数据：${absent.join('、')}`] : []),
  ];
}

function adviceLines({ county, lacks, unplaced }: WayOn): string[] {
  const again = `pingan import --county ${county} --mapping 映射.yaml 台账`;
  const isNowhere = (type: string) => unplaced.has(type);
  const isAbsent = (lack: Lack) =>
    lack.reason === 'no_data_month' ? !typesOf(lack).every(isNowhere) : advice[lack.reason] === undefined;
  return [
    ...(lacks.flatMap(typesOf).some(isNowhere) ? [`  在台账中给没有乡镇的行补上乡镇，再导入一次：${again}`] : []),
    ...(lacks.some(isAbsent) ? [`  把缺的台账也导入（导入过的，看有没有行被拒收）：${again}`] : []),
  ];
}

/** What a month lacks in which no unit has a score, and what to do. */
export function wayOnParts(found: WayOn): Part[] {
  const { county, scheme, lacks, part, unplaced } = found;
  const total = shareText(sum(lacks.flatMap(({ indicators }) => indicators)));
  const ways = adviceLines(found);
  if (part !== null) {
    const names = part.names.map((one) => recordTypeNames[one] ?? findIndicator(one)?.name ?? one).join('、');
    const way = `pingan scheme activate --county ${county} --only ${part.names.join(',')} --from ${part.from}`;
    ways.push(`  ${ways.length > 0 ? '或' : ''}先只按有数据的评分（${names}），没有发布之前可以再换：${way}`);
  }
  return [
    `本月没有一个单位有得分：方案「${scheme.name}」的指标缺了总权重的 ${total}，方案允许一个维度内、维度之间各缺 ${shareText(scheme.missing.max_share)}。`,
    ...lacks.flatMap((lack) => lackLines(lack, unplaced)),
    ...(ways.length > 0 ? ['怎么办：', ...ways] : []),
  ];
}
