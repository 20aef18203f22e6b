import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { countyBoard } from './boards/county.js';
import { indicatorBoard } from './boards/indicator.js';
import { pipeline } from './boards/pipeline.js';
import { quality } from './boards/quality.js';
import { ranking } from './boards/ranking.js';
import { schemes } from './boards/schemes.js';
import { township } from './boards/township.js';
import { places } from './dashboard.js';

export type { Dashboard, Panel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
export * from './alerts/index.js';

/** All dashboards in the order they are listed; the first is the home page. */
export const dashboards: readonly Dashboard[] = [
  ranking,
  township,
  countyBoard,
  indicatorBoard,
  schemes,
  quality,
  pipeline,
];

/** Where the generated files lie. */
export const jsonFolder = new URL('../json/', import.meta.url);
export const deployFolder = new URL('../../deploy/', import.meta.url);

/** The file of a dashboard under `json/`, in the folder of its readers: equal dashboards, equal bytes. */
export function fileOf(dashboard: Dashboard): { name: string; text: string } {
  const place = Object.values(places).find(({ uid }) => uid === dashboard.uid)!;
  return { name: `${place.audience}/${place.uid}.json`, text: `${JSON.stringify(dashboard, null, 2)}\n` };
}
