import type { DataFrame } from '@grafana/data';
import { type Answer, frameOf, type MetricSeries, metricFrames } from './frames';

/** Values of variables by name; several of one in a list. */
export type Values = Record<string, string | string[]>;

export interface Question {
  dashboard: string;
  panel?: number;
  variable?: string;
  values: Values;
  /** Seconds since 1970. */
  from: number;
  to: number;
}

async function post<T>(path: string, question: Question): Promise<T> {
  const response = await fetch(path, { method: 'POST', body: JSON.stringify(question) });
  const content = (await response.json()) as T & { error?: string };
  if (!response.ok) throw new Error(content.error ?? `${response.status}`);
  return content;
}

export const askStore = (question: Question): Promise<Answer> => post('/api/answer', question);

export const frameOfPanel = async (question: Question): Promise<DataFrame[]> => [frameOf(await askStore(question))];

export const framesOfMetrics = async (question: Question): Promise<DataFrame[]> =>
  metricFrames(await post<MetricSeries[]>('/api/metrics', question));
