import { type SchemeReach, spanOf } from '@pingan/operations';
import type { Output } from './context.js';

/** Says which scored months another scheme scores again, and which it does not reach. */
export function tellReach({ out, note }: Output, { rescored, later }: SchemeReach): void {
  if (rescored.length > 0) {
    out(`已计分的 ${rescored.length} 个月（${spanOf(rescored)}）将自动按它重新计算；现在就要，用 pingan score。`);
  }
  if (later) note(`注意：自 ${later.fromMonth} 起另有方案 ${later.hash}，到时由它接替。`);
}
