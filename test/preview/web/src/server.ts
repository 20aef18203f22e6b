import type { DataFrame } from '@grafana/data';
import type { MetricSeries, Question, Table } from '../../question';
import { frameOf, metricFrames } from './frames';

async function post<T>(path: string, question: Question): Promise<T> {
  const response = await fetch(path, { method: 'POST', body: JSON.stringify(question) });
  const content = (await response.json()) as T & { error?: string };
  if (!response.ok) throw new Error(content.error ?? `${response.status}`);
  return content;
}

export const askStore = (question: Question): Promise<Table> => post('/api/answer', question);

export const frameOfPanel = async (question: Question): Promise<DataFrame[]> => [frameOf(await askStore(question))];

export const framesOfMetrics = async (question: Question): Promise<DataFrame[]> =>
  metricFrames(await post<MetricSeries[]>('/api/metrics', question));
