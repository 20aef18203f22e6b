import { PanelPlugin, type PanelProps } from '@grafana/data';
import { setPluginImportUtils } from '@grafana/runtime';
import type { ComponentType } from 'react';
import { customOptions } from './field-config';
import { BarChartPanel } from './panels/bar-chart';
import { NoPrometheusCard } from './panels/empty';
import { PointMapPanel } from './panels/point-map';
import { StatPanel } from './panels/stat';
import { StateTimelinePanel } from './panels/state-timeline';
import { TablePanel } from './panels/table';
import { TimeSeriesPanel } from './panels/time-series';

const lines = [
  'drawStyle',
  'lineWidth',
  'lineInterpolation',
  'fillOpacity',
  'fillBelowTo',
  'pointSize',
  'showPoints',
  'hideFrom',
  'gradientMode',
  'spanNulls',
  'axisPlacement',
  'axisLabel',
  'axisWidth',
  'axisSoftMin',
  'scaleDistribution',
  'stacking',
  'thresholdsStyle',
  'lineStyle',
];

function plugin<T extends object>(id: string, component: ComponentType<PanelProps<T>>, custom: string[]): PanelPlugin {
  const made = new PanelPlugin<T>(component);
  // biome-ignore lint/correctness/useHookAtTopLevel: no hook of React's, whatever its name
  made.useFieldConfig({ useCustomConfig: customOptions(...custom) as never });
  made.meta = { id, name: id, info: { logos: {} }, sort: 0 } as never;
  return made as unknown as PanelPlugin;
}

const plugins = new Map(
  [
    plugin('stat', StatPanel, []),
    plugin('table', TablePanel, [
      'align',
      'width',
      'cellOptions',
      'hidden',
      'hideFrom',
      'inspect',
      'wrapText',
      'minWidth',
    ]),
    plugin('timeseries', TimeSeriesPanel, lines),
    plugin('barchart', BarChartPanel, lines),
    plugin('state-timeline', StateTimelinePanel, lines),
    plugin('geomap', PointMapPanel, ['hideFrom']),
    plugin('no-prometheus', NoPrometheusCard, lines),
  ].map((one) => [one.meta.id, one] as const),
);

/** Panels whose renderer Grafana does not publish: they are drawn here, near the original. */
export const drawnHere: ReadonlySet<string> = new Set(['barchart', 'state-timeline', 'geomap']);

export function registerPlugins(): void {
  const find = (id: string) => {
    const found = plugins.get(id);
    if (!found) throw new Error(`预览不会画 ${id} 面板`);
    return found;
  };
  setPluginImportUtils({ importPanelPlugin: async (id) => find(id), getPanelPluginFromCache: (id) => plugins.get(id) });
}
