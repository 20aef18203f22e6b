import { dimensions } from '../catalogue/index.js';

type Path = ReadonlyArray<PropertyKey>;

const at = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;

const textAt = (value: unknown, key: string): string => {
  const found = at(value, key);
  return typeof found === 'string' ? found : '';
};

const dimensionNames = new Map<string, string>(Object.entries(dimensions).map(([id, { name }]) => [id, name]));

export const dimensionText = (id: string): string => `维度“${dimensionNames.get(id) ?? id}”`;

/** Lists of the document: what one of their entries is called. */
const entryNames: Record<string, (entry: unknown, i: number) => string> = {
  dimensions: (entry, i) => {
    const name = dimensionNames.get(textAt(entry, 'id'));
    return name === undefined ? `第 ${i + 1} 个维度` : `维度“${name}”`;
  },
  indicators: (entry, i) => `第 ${i + 1} 个指标 ${textAt(entry, 'code')}`.trimEnd(),
  bands: (entry, i) => (textAt(entry, 'name') === '' ? `第 ${i + 1} 个等次` : `等次“${textAt(entry, 'name')}”`),
  rules: (entry, i) => (textAt(entry, 'name') === '' ? `第 ${i + 1} 条扣分规则` : `扣分规则“${textAt(entry, 'name')}”`),
  doubled_in: (_, i) => `第 ${i + 1} 个加倍时段`,
};

/** Where something stands, for the person who wrote the document: `维度“警情”的第 7 个指标 P07 的 weight`. */
export function placeText(path: Path, document: unknown): string {
  let [text, keys, value] = ['', '', document];
  path.forEach((key, i) => {
    value = at(value, key);
    if (typeof key === 'number') {
      const name = entryNames[String(path[i - 1])]?.(value, key) ?? `第 ${key + 1} 项`;
      [text, keys] = [text === '' ? name : `${text}的${name}`, ''];
    } else if (typeof path[i + 1] !== 'number') keys = keys === '' ? String(key) : `${keys}.${String(key)}`;
  });
  if (text === '' || keys === '') return text + keys;
  return `${text}${/\w$/.test(text) ? ' ' : ''}的 ${keys}`;
}
