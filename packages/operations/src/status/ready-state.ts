import { PATIENCE_MS } from '@pingan/runtime';
import { NO_ANSWER } from './summary.js';

/** What a service says about itself: ready, or why it is not. One that is frozen is silent for as long as one waits. */
export async function readyState(url: string, patienceMs = PATIENCE_MS): Promise<string> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(patienceMs) });
    const { reasons } = (await response.json()) as { reasons: string[] };
    return response.ok ? '就绪' : reasons.join('、');
  } catch {
    return NO_ANSWER;
  }
}
