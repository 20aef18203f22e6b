import { addMonths, badRequest } from '@pingan/contracts';
import { type County, countsFrom, joinedUnits, monthOfInstant, placeAgain, type Region } from '@pingan/regions';
import type { CasePlace, RunHead } from '@pingan/store';

const SHOWN = 30;

/** Populations are entered at most this far ahead; later months are slips of the pen. */
const MONTHS_AHEAD = 12;

export const spanOf = (months: readonly string[]): string => {
  const sorted = [...months].sort();
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  return first === last ? first : `${first} 至 ${last}`;
};

function list(lines: readonly string[]): string {
  const rest = lines.length > SHOWN ? [`另有 ${lines.length - SHOWN} 处`] : [];
  return [...lines.slice(0, SHOWN), ...rest].map((line) => `\n  - ${line}`).join('');
}

/** What a county's registration is changed against. */
export interface Registered {
  county: County;
  /** Where its stored cases occurred. */
  places: readonly CasePlace[];
  /** Current runs. */
  runs: readonly RunHead[];
}

function requireTimeZone({ county, places }: Registered, after: County): void {
  if (county.timeZone === after.timeZone || places.length === 0) return;
  const cases = places.reduce((sum, one) => sum + one.cases, 0);
  throw badRequest(
    `${after.code} 已有 ${cases} 件案件按时区 ${county.timeZone} 入库，不能改为 ${after.timeZone}：案件所在的日和月会随之改变。` +
      `登记没有改变。请加 --timezone ${county.timeZone}，或用新的县代码另行登记。`,
  );
}

/** @throws Refusal for months that are scored and would lie before the start. */
function requireScoredMonths({ county, places, runs }: Registered, after: County): void {
  const first = after.startMonth ?? places.map(({ month }) => month).sort()[0];
  const lost = first === undefined ? [] : runs.map(({ period }) => period).filter((period) => period < first);
  if (lost.length === 0) return;
  const old = county.startMonth === null ? '不写 --start' : `--start ${county.startMonth}`;
  throw badRequest(
    `起始月不能改为 ${after.startMonth ?? `有数据的第一个月 ${first}`}：${after.code} 有 ${lost.length} 个已计分的月份早于它（${spanOf(lost)}），` +
      `改后不能再计算，也查不到来历。登记没有改变。请保持原来的起始月（${old}）；确要从 ${first} 重新起算，请用新的县代码另行登记并重新导入。`,
  );
}

/** Regions of the new table a lost code may be meant by: those of the same name. */
function namesakes(lost: Region, after: County): string {
  const same = after.regions.regions.filter(({ name, code }) => name === lost.name && code !== lost.code);
  return same.length === 0 ? '' : `（新表中同名的是 ${same.map(({ code }) => code).join('、')}）`;
}

/** @throws Refusal naming the codes whose stored cases the new table gives to nobody. */
function requirePlaces({ county, places }: Registered, after: County): void {
  const { orphaned } = placeAgain(county, after, places);
  if (orphaned.length === 0) return;
  const regions = new Map(
    county.regions.regions.flatMap((region) =>
      [region.code, ...(region.formerCodes ?? [])].map((code) => [code, region]),
    ),
  );
  const byCode = new Map<string, CasePlace[]>();
  for (const place of orphaned) byCode.set(place.region_code, [...(byCode.get(place.region_code) ?? []), place]);
  const lines = [...byCode].map(([code, lost]) => {
    const region = regions.get(code);
    const cases = lost.reduce((sum, one) => sum + one.cases, 0);
    const months = spanOf(lost.map(({ month }) => month));
    return `${code} ${region?.name ?? ''}：${cases} 件，${months}${region === undefined ? '' : namesakes(region, after)}`;
  });
  const cases = orphaned.reduce((sum, one) => sum + one.cases, 0);
  throw badRequest(
    `按新的区域表，已入库的 ${cases} 件案件不再属于任何参加评分的区域，登记没有改变：${list(lines)}\n` +
      '旧代码这样保留：\n' +
      '  - 只换了代码：在新代码那一行的 former_codes 列写上旧代码（几个之间用 | 分隔），案件随之算作新代码的；\n' +
      '  - 并入别的单位：保留旧代码一行，valid_to 写它的最后一个月，counts_as 写并入单位的代码；\n' +
      '  - 撤销而不并入：保留旧代码一行，只写 valid_to，不早于它最后一件案件的月份；\n' +
      '  - 新设单位接管的村：保留它以前所属单位，在新单位一行写 valid_from、ranked=是 和 counts_as（以前所属单位的代码）。',
  );
}

/** @throws Refusal for mergers written as changes of code: months before them would be scored again, as of one unit. */
function requireMergersInTime({ county, places }: Registered, after: County): void {
  const joined = places.length === 0 ? [] : joinedUnits(county, after);
  if (joined.length === 0) return;
  const lines = joined.map(
    ({ into, units }) => `${into.code} ${into.name}：${units.map(({ code, name }) => `${code} ${name}`).join('、')}`,
  );
  throw badRequest(
    `former_codes 只用于换代码，不能写合并：下列单位曾在同一时期各自参加评分，这样写会把以往各月也合成一个单位，登记没有改变：${list(lines)}\n` +
      '这样写：\n' +
      '  - 合并：保留原来各单位的行，valid_to 写合并前的最后一个月，counts_as 写合并后单位的代码；新设的单位 valid_from 写合并后的第一个月；\n' +
      '  - 本来就是同一个单位、误登记成了几行：多余的行保留，ranked 写“否”，counts_as 写现在的代码。',
  );
}

/** @throws Refusal for populations of months far ahead. */
export function requirePopulationMonths({ regions, timeZone }: County, nowMs: number): void {
  const last = addMonths(monthOfInstant(nowMs, timeZone), MONTHS_AHEAD);
  const ahead = regions.regions.flatMap(({ code, name, populations }) =>
    populations.filter((one) => countsFrom(one) > last).map((one) => `${code} ${name}：自 ${countsFrom(one)}`),
  );
  if (ahead.length > 0) throw badRequest(`人口数的起用月份晚于 ${last}，请核对：${list(ahead)}`);
}

/** @throws Refusal where a registration would silently change what is stored or scored. */
export function requireSafe(registered: Registered, after: County): void {
  requireTimeZone(registered, after);
  requireScoredMonths(registered, after);
  requireMergersInTime(registered, after);
  requirePlaces(registered, after);
}
