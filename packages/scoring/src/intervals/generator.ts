import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

/** Equally probable cells of the normal distribution; the outermost two are open. */
const CELLS = 4096;
const quantiles = Float64Array.from({ length: CELLS + 1 }, (_, i) => normalQuantile(i / CELLS, 0, 1));
/** Where the upper open cell begins. */
const TAIL = quantiles[CELLS - 1]!;
/** Sixteen bits make a normal number: twelve pick its cell, four the place between the quantiles of the cell. */
const PLACES = 16;
/** Normal number by those bits, the cell in the upper twelve; NaN in the open cells. */
const normals = Float64Array.from({ length: CELLS * PLACES }, (_, bits) => {
  const cell = Math.floor(bits / PLACES);
  if (cell === 0 || cell === CELLS - 1) return Number.NaN;
  const from = quantiles[cell]!;
  return from + (((bits % PLACES) + 0.5) / PLACES) * (quantiles[cell + 1]! - from);
});

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
    return ((this.bits() >>> 0) + 0.5) / 0x1_0000_0000;
  }

  /** Standard normal by inversion, of the lowest sixteen bits. */
  normal(): number {
    const bits = this.bits() & 0xffff;
    const number = normals[bits]!;
    return Number.isNaN(number) ? this.#tail(bits < PLACES) : number;
  }

  /** Fills the table with random bytes, four of the same bits. */
  fillBytes(into: Uint8Array): void {
    for (let i = 0; i < into.length; i += 4) {
      const bits = this.bits();
      for (let k = i; k < Math.min(i + 4, into.length); k++) into[k] = bits >>> (8 * (k - i));
    }
  }

  /**
   * Fills the table with normal numbers, two of the same bits; those of the open cells are drawn after the others. The
   * state is kept in variables meanwhile, since millions are drawn.
   */
  fillNormals(into: Float64Array): void {
    const state = this.#state;
    let [a, b, c, count] = [state[0]!, state[1]!, state[2]!, state[3]!];
    const open: number[] = [];
    for (let i = 0; i < into.length; ) {
      let bits = (((a + b) | 0) + count) | 0;
      count = (count + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + bits) | 0;
      for (const end = Math.min(i + 2, into.length); i < end; i++, bits >>>= 16) {
        const number = normals[bits & 0xffff]!;
        into[i] = number;
        if (Number.isNaN(number)) open.push((bits & 0xffff) < PLACES ? ~i : i);
      }
    }
    state[0] = a;
    state[1] = b;
    state[2] = c;
    state[3] = count;
    for (const i of open) into[i < 0 ? ~i : i] = this.#tail(i < 0);
  }

  /** Marsaglia's (1964) method for the open cells. */
  #tail(negative: boolean): number {
    for (;;) {
      const x = Math.log(this.uniform()) / TAIL;
      const y = Math.log(this.uniform());
      if (-2 * y >= x * x) return negative ? x - TAIL : TAIL - x;
    }
  }
}
