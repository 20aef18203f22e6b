/** Values of a node's children on its mean's scale, a unit's side by side: many draws read them fastest that way. */
export interface NodeRows {
  /** Units × children; 0 where missing. */
  readonly values: Float64Array;
  /** Units × children; 1 where present. */
  readonly present: Uint8Array;
  /** Units with a missing child. */
  readonly gaps: readonly number[];
}

/** `columns`: of the children, missing is NaN. */
export function nodeRows(columns: readonly Float64Array[], units: number): NodeRows {
  const values = new Float64Array(units * columns.length);
  const present = new Uint8Array(units * columns.length);
  const gaps: number[] = [];
  for (let u = 0; u < units; u++) {
    columns.forEach((column, k) => {
      const value = column[u]!;
      if (Number.isNaN(value)) return;
      values[u * columns.length + k] = value;
      present[u * columns.length + k] = 1;
    });
    if (present.subarray(u * columns.length, (u + 1) * columns.length).includes(0)) gaps.push(u);
  }
  return { values, present, gaps };
}

/** Σ share × value for every unit as if nothing were missing. Four units at a time keep the processor busy. */
export function rowSums({ values }: NodeRows, shares: readonly number[], total: number): Float64Array {
  const width = shares.length;
  const scaled = new Float64Array(width);
  for (let k = 0; k < width; k++) scaled[k] = shares[k]! / total;
  const units = values.length / width;
  const sums = new Float64Array(units);
  let u = 0;
  for (; u + 3 < units; u += 4) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let k = 0, at = u * width; k < width; k++, at++) {
      const share = scaled[k]!;
      a += share * values[at]!;
      b += share * values[at + width]!;
      c += share * values[at + 2 * width]!;
      d += share * values[at + 3 * width]!;
    }
    sums[u] = a;
    sums[u + 1] = b;
    sums[u + 2] = c;
    sums[u + 3] = d;
  }
  for (; u < units; u++) {
    let sum = 0;
    for (let k = 0, at = u * width; k < width; k++, at++) sum += scaled[k]! * values[at]!;
    sums[u] = sum;
  }
  return sums;
}

/** Units with missing children anew, over the weights of those they have. */
export function gapSums(
  sums: Float64Array,
  { values, present, gaps }: NodeRows,
  shares: readonly number[],
  leastCount: number,
  leastWeight: number,
): void {
  for (let g = 0; g < gaps.length; g++) {
    const u = gaps[g]!;
    let sum = 0;
    let weight = 0;
    let count = 0;
    for (let k = 0, at = u * shares.length; k < shares.length; k++, at++) {
      if (present[at] === 0) continue;
      sum += shares[k]! * values[at]!;
      weight += shares[k]!;
      count++;
    }
    sums[u] = count > 0 && count >= leastCount && Math.abs(weight) > leastWeight ? sum / weight : Number.NaN;
  }
}

export function wholeSums(columns: readonly Float64Array[], shares: readonly number[], total: number): Float64Array {
  const sums = new Float64Array(columns[0]!.length);
  for (let k = 0; k < columns.length; k++) addScaled(sums, columns[k]!, shares[k]! / total);
  return sums;
}

/** A function of its own, so that the engine compiles the one loop that takes the time. */
function addScaled(sums: Float64Array, column: Float64Array, weight: number): void {
  for (let u = 0; u < sums.length; u++) sums[u] = sums[u]! + weight * column[u]!;
}

export function partSums(
  columns: readonly Float64Array[],
  shares: readonly number[],
  leastCount: number,
  leastWeight: number,
): Float64Array {
  const n = columns[0]!.length;
  const sums = new Float64Array(n);
  const totals = new Float64Array(n);
  const counts = new Uint32Array(n);
  columns.forEach((column, k) => {
    const weight = shares[k]!;
    for (let u = 0; u < n; u++) {
      const value = column[u]!;
      if (Number.isNaN(value)) continue;
      sums[u]! += weight * value;
      totals[u]! += weight;
      counts[u]!++;
    }
  });
  for (let u = 0; u < n; u++) {
    const kept = counts[u]! > 0 && counts[u]! >= leastCount && Math.abs(totals[u]!) > leastWeight;
    sums[u] = kept ? sums[u]! / totals[u]! : Number.NaN;
  }
  return sums;
}
