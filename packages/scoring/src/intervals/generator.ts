import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

/** Equally probable cells of the normal distribution; the outermost two are open. */
const CELLS = 4096;
const quantiles = Float64Array.from({ length: CELLS + 1 }, (_, i) => normalQuantile(i / CELLS, 0, 1));
/** Where the upper open cell begins. */
const TAIL = quantiles[CELLS - 1]!;
/** Sixteen bits make a normal number: twelve pick its cell, four the place between the quantiles of the cell. */
const PLACE_BITS = 4;
const PLACES = 1 << PLACE_BITS;

/** 32-bit FNV-1a of the text, so that a stream depends on what it is for and not on when it is drawn. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  // Final mixing of MurmurHash3: keys that differ in the last letter must not give neighbouring seeds.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Bits on their way into a table; never kept beyond a call. */
let scratch = new Int32Array(0);

/** Rounds after which nothing of the seed's pattern is left. */
const WARM_UP = 12;

/** Of the lowest sixteen bits. */
const cellOf = (bits: number): number => (bits >>> PLACE_BITS) & (CELLS - 1);
const isOpen = (cell: number): boolean => cell === 0 || cell === CELLS - 1;

function placeInCell(bits: number, cell: number): number {
  const from = quantiles[cell]!;
  return from + (((bits & (PLACES - 1)) + 0.5) / PLACES) * (quantiles[cell + 1]! - from);
}

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
    const bits = this.bits();
    const cell = cellOf(bits);
    return isOpen(cell) ? this.#tail(cell === 0) : placeInCell(bits, cell);
  }

  /** As many calls of `bits`; the state is kept in variables meanwhile, since millions are drawn. */
  #manyBits(count: number): Int32Array {
    if (scratch.length < count) scratch = new Int32Array(count);
    const all = scratch;
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

  /** Fills the table with random bytes. */
  fillBytes(into: Uint8Array): void {
    const all = this.#manyBits((into.length + 3) >> 2);
    for (let i = 0; i < into.length; i++) into[i] = all[i >> 2]! >>> ((i & 3) << 3);
  }

  /** Fills the table with normal numbers, two of the same bits; those of the open cells are drawn after the others. */
  fillNormals(into: Float64Array): void {
    const all = this.#manyBits((into.length + 1) >> 1);
    const open: number[] = [];
    for (let i = 0; i < into.length; i++) {
      const bits = all[i >> 1]! >>> ((i & 1) << 4);
      const cell = cellOf(bits);
      if (isOpen(cell)) open.push(cell === 0 ? ~i : i);
      else into[i] = placeInCell(bits, cell);
    }
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
