import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type Dashboard,
  DashboardBuilder,
  type DashboardLink,
  DashboardLinkType,
  TimePickerBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { annotations } from './annotations.js';
import type { PanelPart } from './panels.js';
import { zone } from './queries.js';

/** All dashboards, in the order of the links at the top of each, with the folder of those who read them. */
export const places = {
  ranking: { uid: 'pingan-ranking', title: '月度排名', audience: 'leaders' },
  township: { uid: 'pingan-township', title: '乡镇画像', audience: 'leaders' },
  county: { uid: 'pingan-county', title: '县域态势', audience: 'leaders' },
  indicator: { uid: 'pingan-indicator', title: '指标分析', audience: 'analysts' },
  schemes: { uid: 'pingan-schemes', title: '方案对比', audience: 'analysts' },
  quality: { uid: 'pingan-quality', title: '数据质量', audience: 'analysts' },
  pipeline: { uid: 'pingan-pipeline', title: '流水线健康', audience: 'operators' },
} as const;
export type Place = keyof typeof places;

/** Address of another dashboard; values are encoded by Grafana. */
export function linkTo(place: Place, values: Readonly<Record<string, string>>): string {
  const query = Object.entries(values).map(([name, value]) => `var-${name}=${value}`);
  return `/d/${places[place].uid}?${query.join('&')}`;
}

/** Variables as they stand, for an address. */
export const here = { county: '${county:percentencode}', month: '${month:percentencode}' };
/** The cell of a column in the row that was clicked. */
export const cell = (column: string) => `\${__data.fields["${column}"]:percentencode}`;

const linksFrom = (own: Place): DashboardLink[] =>
  (Object.keys(places) as Place[])
    .filter((place) => place !== own)
    .map((place) => ({
      title: places[place].title,
      type: DashboardLinkType.Link,
      icon: 'dashboard',
      tooltip: `打开${places[place].title}`,
      url: `/d/${places[place].uid}`,
      tags: [],
      asDropdown: false,
      targetBlank: false,
      includeVars: true,
      keepTime: true,
    }));

interface Row {
  /** Grid rows, of 38 pixels each. */
  height: number;
  panels: readonly PanelPart[];
}

export interface DashboardParts {
  place: Place;
  description: string;
  variables: readonly Builder<VariableModel>[];
  rows: readonly Row[];
  /** Months back from today, or an own span; monthly panels with a month picker need no time picker. */
  time: { from: string; picker: boolean };
  refresh?: string;
  /** Marks in the trends where months do not compare. */
  annotations?: boolean;
}

/** Puts panels in rows; ids follow the order, left to right and down. */
export function dashboard(parts: DashboardParts): Dashboard {
  const { place, description, variables, rows, time, refresh = '' } = parts;
  const { uid, title } = places[place];
  const builder = new DashboardBuilder(`平安指数 ${title}`)
    .uid(uid)
    .description(description)
    .tags(['平安指数'])
    .timezone(zone)
    .weekStart('monday')
    .refresh(refresh)
    .readonly()
    .time({ from: time.from, to: 'now' })
    .timepicker(new TimePickerBuilder().hidden(!time.picker))
    .variables([...variables]);
  let id = 0;
  let y = 0;
  for (const { height, panels } of rows) {
    let x = 0;
    for (const { width, builder: panel } of panels) {
      id += 1;
      builder.withPanel(panel.id(id).gridPos({ x, y, w: width, h: height }));
      x += width;
    }
    y += height;
  }
  const built = { ...builder.build(), links: linksFrom(place) };
  return parts.annotations ? { ...built, annotations: { list: annotations } } : built;
}
