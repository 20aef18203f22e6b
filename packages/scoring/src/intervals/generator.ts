import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Random numbers of one key. `uniform` is spread evenly over (0, 1) in steps of 2⁻³², both ends left out. */
export interface Generator {
  uniform: () => number;
  /** By the ziggurat (Marsaglia and Tsang 2000; Doornik 2005). */
  normal: () => number;
}

/** Layers of the ziggurat below; where its tail begins, and the area of a layer, are Doornik's. */
const LAYERS = 128;
const TAIL = 3.442619855899;
const AREA = 9.91256303526217e-3;
const edges = new Float64Array(LAYERS + 1);
edges[0] = AREA / Math.exp(-0.5 * TAIL * TAIL);
edges[1] = TAIL;
for (let i = 2; i < LAYERS; i++) {
  const before = edges[i - 1]!;
  edges[i] = Math.sqrt(-2 * Math.log(AREA / before + Math.exp(-0.5 * before * before)));
}
const ratios = Float64Array.from({ length: LAYERS }, (_, i) => edges[i + 1]! / edges[i]!);

/** Marsaglia's (1964) method for the part beyond the layers. */
function normalTail(uniform: () => number, negative: boolean): number {
  for (;;) {
    const x = Math.log(uniform()) / TAIL;
    const y = Math.log(uniform());
    if (-2 * y >= x * x) return negative ? x - TAIL : TAIL - x;
  }
}

/** 32-bit FNV-1a of the text, so that a stream depends on what it is for and not on when it is drawn. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  // Final mixing of MurmurHash3: keys that differ in the last letter must not give neighbouring seeds.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** The same seed and key give the same numbers on every machine. */
export function generatorOf(seed: number, key: string): Generator {
  const source = xoroshiro128plus(hashText(`${seed}|${key}`));
  const uniform = (): number => ((source.next() >>> 0) + 0.5) / 0x1_0000_0000;
  const normal = (): number => {
    for (;;) {
      const u = 2 * uniform() - 1;
      const layer = source.next() & (LAYERS - 1);
      const edge = edges[layer]!;
      if (Math.abs(u) < ratios[layer]!) return u * edge;
      if (layer === 0) return normalTail(uniform, u < 0);
      const x = u * edge;
      const inner = edges[layer + 1]!;
      const outside = Math.exp(-0.5 * (edge * edge - x * x));
      const inside = Math.exp(-0.5 * (inner * inner - x * x));
      if (inside + uniform() * (outside - inside) < 1) return x;
    }
  };
  return { uniform, normal };
}

/** A gamma number of the given shape and rate 1 (Marsaglia and Tsang 2000; below shape 1 by their power of a uniform). */
export function drawGamma(shape: number, generator: Generator): number {
  if (shape < 1) return drawGamma(shape + 1, generator) * generator.uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = generator.normal();
    const root = 1 + c * x;
    if (root <= 0) continue;
    const cube = root * root * root;
    const u = generator.uniform();
    const square = x * x;
    if (u < 1 - 0.0331 * square * square) return d * cube;
    if (Math.log(u) < 0.5 * square + d * (1 - cube + Math.log(cube))) return d * cube;
  }
}

/** A beta number from two gamma numbers; both can vanish only where a and b are tiny, then one end is picked. */
export function drawBeta(a: number, b: number, generator: Generator): number {
  const x = drawGamma(a, generator);
  const sum = x + drawGamma(b, generator);
  if (sum > 0) return x / sum;
  return generator.uniform() * (a + b) < a ? 1 : 0;
}
