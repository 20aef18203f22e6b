import {
  catalogue,
  type DimensionId,
  defaultSeverity,
  findIndicator,
  type Goalposts,
  isScored,
  type ScoredIndicator,
} from '../catalogue/index.js';
import { forbiddenTarget, refusalOf } from './forbidden.js';
import { dimensionText } from './place.js';
import { type ParsedDocument, parts, type Scheme, type SchemeDimension, type SchemeIndicator } from './schema.js';

export interface Fault {
  path: PropertyKey[];
  message: string;
}

function goalpostFault(goalposts: Goalposts, { direction, name }: ScoredIndicator): string | null {
  if (goalposts.rule === 'per_unit') {
    return direction === -1 ? null : `“${name}”越高越好，不能用 per_unit 扣分；可用 absolute、class_mean`;
  }
  const { g0, g60, g100 } = goalposts;
  if ((g60 - g0) * direction > 0 && (g100 - g60) * direction > 0) return null;
  const rule = direction === 1 ? '越高越好，须 g0 < g60 < g100' : '越低越好，须 g0 > g60 > g100';
  return `“${name}”${rule}；现为 g0=${g0}、g60=${g60}、g100=${g100}`;
}

type Entry = ParsedDocument['dimensions'][number]['indicators'][number];

/** An indicator of a dimension against the catalogue; null where it cannot be scored at all. */
function checkIndicator(
  entry: Entry,
  { dimension, seen, at, faults }: { dimension: DimensionId; seen: Set<string>; at: PropertyKey[]; faults: Fault[] },
): SchemeIndicator | null {
  const forbidden = entry.weight > 0 ? forbiddenTarget(entry.code) : undefined;
  if (forbidden !== undefined) {
    faults.push({ path: [...at, 'weight'], message: refusalOf(forbidden) });
    return null;
  }
  const own = findIndicator(entry.code);
  if (own === undefined || own.dimension !== dimension || !isScored(own)) {
    const rule =
      own === undefined
        ? `没有指标 ${entry.code}`
        : own.dimension !== dimension
          ? `指标 ${entry.code} 属于${dimensionText(own.dimension)}（${own.dimension}）`
          : `指标 ${entry.code} 仅供参考，不计分，不能列入方案`;
    const codes = scoredCodes(dimension).join('、');
    faults.push({ path: [...at, 'code'], message: `${rule}；${dimensionText(dimension)}可用的指标有 ${codes}` });
    return null;
  }
  if (seen.has(entry.code)) faults.push({ path: [...at, 'code'], message: `指标 ${entry.code} 重复` });
  seen.add(entry.code);
  const goalposts = entry.goalposts ?? own.goalposts;
  const fault = goalpostFault(goalposts, own);
  if (fault !== null) faults.push({ path: [...at, 'goalposts'], message: fault });
  return { code: entry.code, weight: entry.weight, window: entry.window ?? own.window, goalposts };
}

const scoredCodes = (dimension: DimensionId): string[] =>
  catalogue
    .filter(({ dimension: id }) => id === dimension)
    .filter(isScored)
    .map(({ code }) => code);

function checkDimension(dimension: ParsedDocument['dimensions'][number], path: PropertyKey[], faults: Fault[]) {
  const seen = new Set<string>();
  const indicators = dimension.indicators.map((entry, i) =>
    checkIndicator(entry, { dimension: dimension.id, seen, at: [...path, 'indicators', i], faults }),
  );
  if (dimension.indicators.every(({ weight }) => weight === 0)) {
    faults.push({ path: [...path, 'indicators'], message: '各指标权重全为 0，至少一项须大于 0' });
  }
  const result: SchemeDimension = { ...dimension, indicators: indicators.filter((entry) => entry !== null) };
  return result;
}

function checkBands(bands: ParsedDocument['bands'], faults: Fault[]): void {
  bands.forEach(({ id, min }, i) => {
    const before = bands[i - 1];
    if (before !== undefined && min >= before.min) {
      const message = `等次下限须由高到低；前一等次“${before.name}”为 ${before.min}，此处为 ${min}`;
      faults.push({ path: ['bands', i, 'min'], message });
    }
    if (bands.findIndex((band) => band.id === id) < i) {
      faults.push({ path: ['bands', i, 'id'], message: `等次 ${id} 重复` });
    }
  });
  const last = bands.at(-1);
  if (last !== undefined && last.min !== 0) {
    const message = `最后一个等次的下限须为 0，使每个得分都有等次；现为 ${last.min}`;
    faults.push({ path: ['bands', bands.length - 1, 'min'], message });
  }
}

function checkDeductions({ rules }: ParsedDocument['deductions'], faults: Fault[]): void {
  rules.forEach((rule, i) => {
    const path = ['deductions', 'rules', i];
    if (rules.findIndex(({ id }) => id === rule.id) < i) {
      faults.push({ path: [...path, 'id'], message: `扣分规则 ${rule.id} 重复` });
    }
    if (rule.kind === 'deaths' && rule.max !== null && rule.max < rule.min) {
      faults.push({ path: [...path, 'max'], message: `不得小于 min（${rule.min}）；现为 ${rule.max}` });
    }
    rule.doubled_in.forEach(({ from, to }, j) => {
      if (to >= from) return;
      faults.push({ path: [...path, 'doubled_in', j, 'to'], message: `不得早于 from（${from}）；现为 ${to}` });
    });
  });
}

function checkBaseline({ months, min_months }: ParsedDocument['baseline'], faults: Fault[]): void {
  if (min_months <= months) return;
  faults.push({ path: ['baseline', 'min_months'], message: `不得大于 months（${months}）；现为 ${min_months}` });
}

/** The rules that need the catalogue or more than one place; fills windows, goalposts and severity from the catalogue. */
export function resolveScheme(document: ParsedDocument): { scheme: Scheme; faults: Fault[] } {
  const faults: Fault[] = [];
  const dimensions = document.dimensions.map((dimension, i) => {
    if (document.dimensions.findIndex(({ id }) => id === dimension.id) < i) {
      faults.push({ path: ['dimensions', i, 'id'], message: `维度 ${dimension.id} 重复` });
    }
    return checkDimension(dimension, ['dimensions', i], faults);
  });
  if (document.dimensions.every(({ weight }) => weight === 0)) {
    faults.push({ path: ['dimensions'], message: '各维度权重全为 0，至少一项须大于 0' });
  }
  checkBands(document.bands, faults);
  checkDeductions(document.deductions, faults);
  checkBaseline(document.baseline, faults);
  return { scheme: { ...document, dimensions, severity: { ...defaultSeverity, ...document.severity } }, faults };
}

type Loose = Record<string, unknown> | null | undefined;

const listOf = (value: unknown): Loose[] => (Array.isArray(value) ? (value as Loose[]) : []);

function salvagedIndicators(dimension: Loose, path: PropertyKey[], faults: Fault[]): void {
  const id = parts.dimensionId.safeParse(dimension?.id);
  if (!id.success) return;
  const seen = new Set<string>();
  listOf(dimension?.indicators).forEach((entry, j) => {
    if (typeof entry?.code !== 'string') return;
    const weight = typeof entry.weight === 'number' && entry.weight >= 0 ? entry.weight : 1;
    const goalposts = parts.goalposts.safeParse(entry.goalposts);
    const readable: Entry = { code: entry.code, weight, ...(goalposts.success && { goalposts: goalposts.data }) };
    checkIndicator(readable, { dimension: id.data, seen, at: [...path, 'indicators', j], faults });
  });
}

/**
 * Faults of what can be read in a document that has others: nobody should mend five and then be told of a sixth. Parts that are not
 * readable are passed over; their faults are the schema's.
 */
export function salvagedFaults(value: unknown): Fault[] {
  const faults: Fault[] = [];
  const document = (typeof value === 'object' ? value : null) as Loose;
  listOf(document?.dimensions).forEach((dimension, i) => {
    salvagedIndicators(dimension, ['dimensions', i], faults);
  });
  const [bands, deductions, baseline] = [
    parts.bands.safeParse(document?.bands),
    parts.deductions.safeParse(document?.deductions),
    parts.baseline.safeParse(document?.baseline),
  ];
  if (bands.success) checkBands(bands.data, faults);
  if (deductions.success) checkDeductions(deductions.data, faults);
  if (baseline.success) checkBaseline(baseline.data, faults);
  return faults;
}
