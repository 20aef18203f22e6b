import { type Scheme, schemeDoubts, schemeHash } from '@pingan/indicators';
import { ALWAYS, type DimensionShare, type SchemeShare, schemeShares } from '@pingan/queries';
import { goalpostText, windowText } from './goalposts.js';
import { dash, type Part, type Sheet, sheet } from './sheet.js';

interface SchemeChange {
  what: string;
  before: string;
  after: string;
  change: string;
}

/** Shares that differ only in the last places of the sums behind them are the same. */
const sameShare = (a: number, b: number) => Math.abs(a - b) <= 1e-12;

function shareChange(what: string, before: number | undefined, after: number | undefined): SchemeChange[] {
  if (before !== undefined && after !== undefined && sameShare(before, after)) return [];
  const text = (share: number | undefined) => (share === undefined ? dash : shareText(share));
  const points = ((after ?? 0) - (before ?? 0)) * 100;
  const sign = points > 0 ? '+' : '';
  return [{ what, before: text(before), after: text(after), change: `${sign}${points.toFixed(2)} 个百分点` }];
}

function textChange(what: string, before: string | undefined, after: string | undefined): SchemeChange[] {
  if (before === after) return [];
  return [{ what, before: before ?? dash, after: after ?? dash, change: '' }];
}

function keysOf(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])];
}

/**
 * Somebody wrote another weight, and it makes another part of the dimension. Where only the dimension, or a neighbour, was changed the
 * share in the index moves as well: that is said once for all of them.
 */
const isReweighed = (x: SchemeShare, y: SchemeShare) => x.weight !== y.weight && !sameShare(x.inside, y.inside);

/** Indicators that nobody touched and whose share in the index is another one all the same. */
function carriedAlong(a: Scheme, b: Scheme): number {
  const before = new Map(
    schemeShares(a).flatMap(({ indicators }) => indicators.map((one) => [one.code, one] as const)),
  );
  return schemeShares(b)
    .flatMap(({ indicators }) => indicators)
    .filter((one) => {
      const own = before.get(one.code);
      return own !== undefined && !isReweighed(own, one) && !sameShare(own.share, one.share);
    }).length;
}

function sharesChanged(a: Scheme, b: Scheme): SchemeChange[] {
  const sides = [schemeShares(a), schemeShares(b)] as const;
  const [beforeDimensions, afterDimensions] = sides.map((all) => new Map(all.map((one) => [one.id as string, one])));
  const [before, after] = sides.map(
    (all) => new Map(all.flatMap(({ indicators }) => indicators.map((one): [string, SchemeShare] => [one.code, one]))),
  );
  const dimensions = keysOf(beforeDimensions!, afterDimensions!).flatMap((id) => {
    const [x, y] = [beforeDimensions!.get(id), afterDimensions!.get(id)];
    return shareChange(`维度 ${(x ?? y)!.name} 占比`, x?.share, y?.share);
  });
  const indicators = keysOf(before!, after!).flatMap((code) => {
    const [x, y] = [before!.get(code), after!.get(code)];
    const name = `${code} ${(x ?? y)!.name}`;
    if (x === undefined || y === undefined) return shareChange(`${name} 占比`, x?.share, y?.share);
    return [
      ...(isReweighed(x, y) ? shareChange(`${name} 占比`, x.share, y.share) : []),
      ...textChange(`${name} 统计期`, windowText(x.window), windowText(y.window)),
      ...textChange(`${name} 分值`, goalpostText(x.goalposts), goalpostText(y.goalposts)),
    ];
  });
  return [...dimensions, ...indicators];
}

function bandsChanged(a: Scheme, b: Scheme): SchemeChange[] {
  const [before, after] = [a, b].map(
    ({ bands }) => new Map(bands.map(({ id, name, colour, min }) => [id, `${name} ${colour} ${min}分起`])),
  );
  return keysOf(before!, after!).flatMap((id) => textChange(`等次 ${id}`, before!.get(id), after!.get(id)));
}

/** Every rule by its path in the document. */
function rulesOf(value: unknown, path: string): [string, string][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, shown(value)]];
  return Object.entries(value).flatMap(([key, inner]) => rulesOf(inner, path === '' ? key : `${path}.${key}`));
}

function shown(value: unknown): string {
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (Array.isArray(value))
    return value.length === 0 ? '（无）' : value.map((entry) => JSON.stringify(entry)).join(' ');
  return String(value);
}

function rulesChanged(a: Scheme, b: Scheme): SchemeChange[] {
  const [before, after] = [a, b].map(({ name, dimensions, bands, ...rules }) => new Map(rulesOf(rules, '')));
  return keysOf(before!, after!).flatMap((path) => textChange(`规则 ${path}`, before!.get(path), after!.get(path)));
}

function schemeChanges(a: Scheme, b: Scheme): SchemeChange[] {
  return [...textChange('名称', a.name, b.name), ...sharesChanged(a, b), ...bandsChanged(a, b), ...rulesChanged(a, b)];
}

/** Share of the index in percent. */
export const shareText = (share: number) => `${(share * 100).toFixed(2)}%`;

/** What the weights of a scheme are where only their proportions count. */
export function sharesText(scheme: Scheme): string {
  const shares = schemeShares(scheme).map(
    ({ name, share, indicators }) => `${name} ${shareText(share)}（${indicators.length} 项指标）`,
  );
  return `权重按比例折算为：${shares.join('、')}`;
}

function changesTable(changes: readonly SchemeChange[]): Sheet {
  return sheet(
    [
      { title: '项目', value: ({ what }) => what },
      { title: '原为', value: (row) => row.before, align: 'right' },
      { title: '改为', value: (row) => row.after, align: 'right' },
      { title: '变化', value: ({ change }) => change, align: 'right' },
    ],
    changes,
  );
}

export interface NamedScheme {
  /** A file, or whatever else it is known by. */
  name: string;
  scheme: Scheme;
}

/** In what two schemes differ. */
export function schemeChangeParts(before: NamedScheme, after: NamedScheme): Part[] {
  const [from, to] = [schemeHash(before.scheme), schemeHash(after.scheme)];
  if (from === to) return [`相同（编号 ${from}）`];
  const changes = schemeChanges(before.scheme, after.scheme);
  const carried = carriedAlong(before.scheme, after.scheme);
  return [
    `${before.name} ${from} → ${after.name} ${to}`,
    changes.length === 0 ? '内容相同，只是权重的写法或先后不同。' : changesTable(changes),
    ...(carried > 0
      ? [`另有 ${carried} 项指标没有改，在总分中的占比随所在维度或同维度的指标按比例变动，没有列出。`]
      : []),
  ];
}

const sum = (entries: readonly { weight: number }[]) => entries.reduce((total, { weight }) => total + weight, 0);
const plain = (value: number) => String(Number(value.toPrecision(12)));

/** A valid scheme: its number, what its dimensions make up, and what looks like a slip. */
export function schemeParts(scheme: Scheme): Part[] {
  const doubts = schemeDoubts(scheme);
  const suspect = doubts.filter(({ kind }) => kind === 'weight');
  return [
    `方案有效：${scheme.name}  编号 ${schemeHash(scheme)}`,
    sheet<DimensionShare>(
      [
        { title: '维度', value: ({ name }) => name },
        { title: '权重', value: ({ weight }) => plain(weight), align: 'right' },
        { title: '占比', value: ({ share }) => shareText(share), align: 'right' },
        { title: '指标数', value: ({ indicators }) => String(indicators.length), align: 'right' },
        { title: '指标权重合计', value: ({ indicators }) => plain(sum(indicators)), align: 'right' },
        {
          title: '指标',
          value: ({ indicators }) =>
            indicators.map(({ code, weight }) => (weight === 0 ? `${code}（0）` : code)).join(' '),
        },
      ],
      schemeShares(scheme),
    ),
    `维度权重合计 ${plain(sum(scheme.dimensions))}。权重只看同级之间的比例，合计不必是 100。`,
    ...(doubts.length > 0 ? ['请核对：', ...doubts.map(({ message }) => `  - ${message}`)] : []),
    ...(suspect.length > 0 ? ['权重确实如此的，起用时加 --yes。'] : []),
  ];
}

/** Since when a scheme is in force. */
export function sinceText(fromMonth: string | null): string {
  if (fromMonth === null) return '本县没有起用过自己的方案';
  return fromMonth === ALWAYS ? '自起始月起用' : `自 ${fromMonth} 起用`;
}
