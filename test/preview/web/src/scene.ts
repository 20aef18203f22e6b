import {
  EmbeddedScene,
  QueryVariable,
  SceneControlsSpacer,
  SceneGridItem,
  SceneGridLayout,
  SceneQueryRunner,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  SceneVariableSet,
  VariableValueSelectors,
  VizPanel,
} from '@grafana/scenes';
import type { VariableHide } from '@grafana/schema';
import { metricsUid, type PlacedQuery, storeUid } from './data-source';
import { drawnHere } from './plugins';

/** The parts of a dashboard file that are read here. */
export interface DashboardFile {
  uid: string;
  title: string;
  description: string;
  time: { from: string; to: string };
  refresh?: string;
  timepicker?: { hidden?: boolean };
  links: { title: string; url: string }[];
  templating: { list: VariableFile[] };
  panels: PanelFile[];
}

interface VariableFile {
  type: string;
  name: string;
  label: string;
  hide?: number;
  multi?: boolean;
  includeAll?: boolean;
  query: { rawSql?: string };
}

interface PanelFile {
  id: number;
  type: string;
  title: string;
  description: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource: { type: string };
  fieldConfig: VizPanel['state']['fieldConfig'];
  options: Record<string, unknown>;
  targets: { rawSql?: string; expr?: string }[];
}

function variableOf(dashboard: string, { name, label, hide, multi, includeAll, query }: VariableFile): QueryVariable {
  const placed: PlacedQuery = { refId: name, place: { dashboard, variable: name }, text: query.rawSql ?? '' };
  const variable = new QueryVariable({
    name,
    label,
    query: placed,
    ...(hide === undefined ? {} : { hide: hide as VariableHide }),
    datasource: { uid: storeUid, type: storeUid },
    isMulti: multi ?? false,
    includeAll: includeAll ?? false,
    ...(includeAll ? { value: '$__all', text: '全部' } : {}),
  });
  const given = new URLSearchParams(location.search).getAll(`var-${name}`);
  if (given.length > 0) variable.urlSync?.updateFromUrl({ [`var-${name}`]: multi ? given : given[0]! });
  return variable;
}

const isMetric = ({ datasource }: PanelFile): boolean => datasource.type === 'prometheus';

/** Whether panels of the page show services' own figures. */
export const isMeasured = ({ panels }: DashboardFile): boolean => panels.some(isMetric);

function panelOf(dashboard: string, panel: PanelFile, hasPrometheus: boolean): SceneGridItem {
  const { id, type, title, description, gridPos, fieldConfig, options, targets } = panel;
  const text = targets.map(({ rawSql }) => rawSql ?? '').join('\n');
  const query: PlacedQuery = { refId: 'A', place: { dashboard, panel: id }, text };
  const uid = isMetric(panel) ? metricsUid : storeUid;
  const isMute = isMetric(panel) && !hasPrometheus;
  const body = new VizPanel({
    key: `panel-${id}`,
    pluginId: isMute ? 'no-prometheus' : type,
    title,
    description: drawnHere.has(type)
      ? `${description}\n\n（预览中此图为示意：Grafana 不单独发布这种面板。）`
      : description,
    fieldConfig,
    options,
    ...(isMute
      ? {}
      : { $data: new SceneQueryRunner({ queries: [query], datasource: { uid, type: uid }, maxDataPoints: 300 }) }),
  });
  const { x, y, w, h } = gridPos;
  return new SceneGridItem({ x, y, width: w, height: h, isDraggable: false, isResizable: false, body });
}

export function sceneOf(file: DashboardFile, hasPrometheus: boolean): EmbeddedScene {
  const given = new URLSearchParams(location.search);
  const variables = file.templating.list.filter(({ type }) => type === 'query');
  return new EmbeddedScene({
    $timeRange: new SceneTimeRange({
      from: given.get('from') ?? file.time.from,
      to: given.get('to') ?? file.time.to,
      timeZone: 'Asia/Shanghai',
      weekStart: 'monday',
    }),
    $variables: new SceneVariableSet({ variables: variables.map((one) => variableOf(file.uid, one)) }),
    controls: [
      new VariableValueSelectors({}),
      new SceneControlsSpacer(),
      ...(file.timepicker?.hidden ? [] : [new SceneTimePicker({ isOnCanvas: true })]),
      new SceneRefreshPicker({ refresh: file.refresh ?? '', isOnCanvas: true }),
    ],
    body: new SceneGridLayout({
      isLazy: false,
      children: file.panels.map((panel) => panelOf(file.uid, panel, hasPrometheus)),
    }),
  });
}
