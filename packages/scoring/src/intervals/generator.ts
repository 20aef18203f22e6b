/** Layers of the ziggurat; where its tail begins, and the area of a layer, are Doornik's (2005). */
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

/** 32-bit FNV-1a of the text, so that a stream depends on what it is for and not on when it is drawn. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  // Final mixing of MurmurHash3: keys that differ in the last letter must not give neighbouring seeds.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Rounds after which nothing of the seed's pattern is left. */
const WARM_UP = 12;

/** Middle of the bits' step of (0, 1). */
const toUniform = (bits: number): number => ((bits >>> 0) + 0.5) / 0x1_0000_0000;

/**
 * Random numbers of one key: sfc32 (Doty-Humphrey's small fast chaotic generator of the PractRand suite; 128 bits of
 * state), seeded by three hashes of seed and key. All of it is 32-bit integer arithmetic: the same on every machine.
 */
export class Generator {
  readonly #state = new Int32Array(4);

  constructor(seed: number, key: string) {
    for (let i = 0; i < 3; i++) this.#state[i] = hashText(`${i}|${seed}|${key}`);
    this.#state[3] = 1;
    for (let i = 0; i < WARM_UP; i++) this.bits();
  }

  /** 32 random bits as a signed integer. */
  bits(): number {
    const state = this.#state;
    const b = state[1]!;
    const c = state[2]!;
    const count = state[3]!;
    const sum = (((state[0]! + b) | 0) + count) | 0;
    state[3] = count + 1;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    return sum;
  }

  /** Spread evenly over (0, 1) in steps of 2⁻³², both ends left out. */
  uniform(): number {
    return toUniform(this.bits());
  }

  /**
   * Standard normal, by the ziggurat (Marsaglia and Tsang 2000; Doornik 2005). Seven bits pick the layer and the other 25
   * the place in it, so that the two are independent.
   */
  normal(): number {
    return this.#normalFrom(this.bits());
  }

  #normalFrom(first: number): number {
    for (let bits = first; ; bits = this.bits()) {
      const layer = bits & (LAYERS - 1);
      const u = ((bits >> 7) + 0.5) / 0x100_0000;
      const edge = edges[layer]!;
      if (Math.abs(u) < ratios[layer]!) return u * edge;
      if (layer === 0) return this.#tail(u < 0);
      const x = u * edge;
      const inner = edges[layer + 1]!;
      const outside = Math.exp(-0.5 * (edge * edge - x * x));
      const inside = Math.exp(-0.5 * (inner * inner - x * x));
      if (inside + this.uniform() * (outside - inside) < 1) return x;
    }
  }

  /** As many calls of `bits`; the state is kept in variables meanwhile, since millions are drawn. */
  #manyBits(count: number): Int32Array {
    const all = new Int32Array(count);
    const state = this.#state;
    let [a, b, c, counter] = [state[0]!, state[1]!, state[2]!, state[3]!];
    for (let i = 0; i < count; i++) {
      const bits = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + bits) | 0;
      all[i] = bits;
    }
    state[0] = a;
    state[1] = b;
    state[2] = c;
    state[3] = counter;
    return all;
  }

  /** Fills the table with the numbers that as many calls of `uniform` would give. */
  fillUniforms(into: Float64Array): void {
    const all = this.#manyBits(into.length);
    for (let i = 0; i < into.length; i++) into[i] = toUniform(all[i]!);
  }

  /** Fills the table with normal numbers; what the ziggurat's layers do not decide at once is drawn after the others. */
  fillNormals(into: Float64Array): void {
    const all = this.#manyBits(into.length);
    const undecided: number[] = [];
    for (let i = 0; i < into.length; i++) {
      const bits = all[i]!;
      const layer = bits & (LAYERS - 1);
      const u = ((bits >> 7) + 0.5) / 0x100_0000;
      into[i] = u * edges[layer]!;
      if (Math.abs(u) >= ratios[layer]!) undecided.push(i);
    }
    for (const i of undecided) into[i] = this.#normalFrom(all[i]!);
  }

  /** Marsaglia's (1964) method for the part beyond the layers. */
  #tail(negative: boolean): number {
    for (;;) {
      const x = Math.log(this.uniform()) / TAIL;
      const y = Math.log(this.uniform());
      if (-2 * y >= x * x) return negative ? x - TAIL : TAIL - x;
    }
  }
}
