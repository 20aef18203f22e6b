import { PanelBuilder as BarChartBuilder } from '@grafana/grafana-foundation-sdk/barchart';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import type { DynamicConfigValue, GridPos, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  FieldColorBuilder,
  FieldColorModeId,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  ControlsOptionsBuilder,
  PanelBuilder as GeomapBuilder,
  MapViewConfigBuilder,
  TooltipMode,
  TooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/geomap';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { bandMappings, bandThresholds, type Column, overridesOf } from './columns.js';
import { bandSteps, neutral } from './palette.js';
import { clickhouse, prometheus, promQuery, seriesQuery, tableQuery } from './queries.js';

export interface PlacedBuilder extends Builder<Panel> {
  id(id: number): this;
  gridPos(place: GridPos): this;
}

export interface PanelPart {
  /** Grid columns of 24. */
  width: number;
  builder: PlacedBuilder;
}

interface Common {
  title: string;
  /** What is shown, how it is computed and how it is to be read. */
  description: string;
  width: number;
}

export interface Sql extends Common {
  sql: string;
  /** Said in place of the panel when there is nothing to show. */
  noValue: string;
}

export interface Figures {
  unit: string;
  decimals: number;
}

/** A series or bar with its colour; `property` ids of Grafana's field options may be added. */
export interface Series {
  name: string;
  colour: string;
  more?: Record<string, unknown>;
}

interface Base<B> {
  title(text: string): B;
  description(text: string): B;
  noValue(text: string): B;
  unit(unit: string): B;
  decimals(decimals: number): B;
  targets(targets: Builder<Dataquery>[]): B;
  datasource(source: typeof clickhouse | typeof prometheus): B;
}

function begun<B extends Base<B>>(builder: B, options: Common & { noValue: string } & Figures): B {
  const { title, description, noValue, unit, decimals } = options;
  return builder.title(title).description(description).noValue(noValue).unit(unit).decimals(decimals);
}

const colourOf = ({ colour, more = {} }: Series): DynamicConfigValue[] => [
  { id: 'color', value: { mode: 'fixed', fixedColor: colour } },
  ...Object.entries(more).map(([id, value]) => ({ id, value })),
];

const legend = () =>
  new common.VizLegendOptionsBuilder()
    .displayMode(common.LegendDisplayMode.List)
    .placement(common.LegendPlacement.Bottom)
    .showLegend(true);
const tooltip = () => new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi);

/** `header`: false for a text that needs no name of a column. */
export function table(options: Sql & { columns: readonly Column[]; header?: boolean }): PanelPart {
  const builder = begun(new TableBuilder(), { ...options, unit: 'none', decimals: 2 })
    .datasource(clickhouse)
    .targets([tableQuery(options.sql)])
    .cellHeight(common.TableCellHeight.Sm)
    .filterable(false)
    .showHeader(options.header ?? true);
  for (const column of options.columns) builder.overrideByName(column.name, overridesOf(column));
  return { width: options.width, builder };
}

/** `inRows`: figures one below the other, for a panel too narrow for their names side by side. */
export function stat(options: Sql & { fields: readonly Column[]; inRows?: boolean }): PanelPart {
  const builder = begun(new StatBuilder(), { ...options, unit: 'none', decimals: 2 })
    .datasource(clickhouse)
    .targets([tableQuery(options.sql)])
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('/.*/').values(false))
    .colorMode(common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.None)
    .textMode(common.BigValueTextMode.ValueAndName)
    .justifyMode(common.BigValueJustifyMode.Auto)
    .text(new common.VizTextDisplayOptionsBuilder().titleSize(14).valueSize(24))
    .wideLayout(true)
    .orientation(options.inRows ? common.VizOrientation.Horizontal : common.VizOrientation.Auto);
  for (const field of options.fields) {
    const own = overridesOf(field).filter(({ id }) => !id.startsWith('custom.'));
    builder.overrideByName(field.name, [...own, plain]);
  }
  return { width: options.width, builder };
}

/** One band, as a word on its colour. */
export function bandCard(options: Sql & { field: string }): PanelPart {
  const builder = begun(new StatBuilder(), { ...options, unit: 'string', decimals: 0 })
    .datasource(clickhouse)
    .targets([tableQuery(options.sql)])
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('/.*/').values(false))
    .colorMode(common.BigValueColorMode.BackgroundSolid)
    .graphMode(common.BigValueGraphMode.None)
    .textMode(common.BigValueTextMode.Value)
    .justifyMode(common.BigValueJustifyMode.Center)
    .text(new common.VizTextDisplayOptionsBuilder().valueSize(28));
  const own = overridesOf({ name: options.field, kind: 'band' }).filter(({ id }) => !id.startsWith('custom.'));
  builder.overrideByName(options.field, [...own, { id: 'color', value: { mode: 'fixed', fixedColor: neutral } }]);
  return { width: options.width, builder };
}

const plain: DynamicConfigValue = { id: 'color', value: { mode: 'fixed', fixedColor: 'text' } };

export interface Bars extends Sql, Figures {
  /** The column with the names under the bars. */
  x: string;
  series: readonly Series[];
  horizontal?: boolean;
  stacked?: boolean;
  min?: number;
  max?: number;
  /** Figures at the bars; where they do not say it, the names do. */
  values?: boolean;
}

export function bars(options: Bars): PanelPart {
  const builder = begun(new BarChartBuilder(), options)
    .datasource(clickhouse)
    .targets([tableQuery(options.sql)])
    .xField(options.x)
    .orientation(options.horizontal ? common.VizOrientation.Horizontal : common.VizOrientation.Vertical)
    .stacking(options.stacked ? common.StackingMode.Normal : common.StackingMode.None)
    .showValue(options.values === false ? common.VisibilityMode.Never : common.VisibilityMode.Auto)
    .fillOpacity(85)
    .legend(legend().showLegend(options.series.length > 1))
    .tooltip(tooltip());
  if (options.min !== undefined) builder.min(options.min);
  if (options.max !== undefined) builder.max(options.max);
  for (const series of options.series) builder.overrideByName(series.name, colourOf(series));
  return { width: options.width, builder };
}

function lines(options: Common & Figures & { noValue: string }) {
  return begun(new TimeSeriesBuilder(), options)
    .drawStyle(common.GraphDrawStyle.Line)
    .lineWidth(2)
    .pointSize(5)
    .showPoints(common.VisibilityMode.Auto)
    .legend(legend())
    .tooltip(tooltip());
}

/** Options of a line that bounds others: thin, without points. */
export const limit = { 'custom.lineWidth': 1, 'custom.showPoints': 'never' };

export interface Lines extends Sql, Figures {
  series: readonly Series[];
  max?: number;
  /** Scores of 0 to 100: the limits of the default scheme's bands as dashed lines, an axis that shows them. */
  isScore?: boolean;
  /** Pixels; for figures so short that the first date would not fit beside them. */
  axisWidth?: number;
  /** Words for figures, as Grafana keeps them. */
  mappings?: readonly unknown[];
}

const bandLimits = new ThresholdsConfigBuilder()
  .mode(ThresholdsMode.Absolute)
  .steps(bandThresholds.steps.filter(({ value }) => value !== 0));

/** Lines over time; the first column is the time, the dashboard's picker says which. */
export function series(options: Lines): PanelPart {
  const builder = lines(options)
    .datasource(clickhouse)
    .targets([seriesQuery(options.sql)]);
  if (options.max !== undefined) builder.max(options.max);
  if (options.isScore) {
    builder
      .max(100)
      .axisSoftMin(bandSteps[1]!.min - 10)
      .thresholds(bandLimits)
      .thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed));
  }
  if (options.axisWidth !== undefined) builder.axisWidth(options.axisWidth);
  if (options.mappings !== undefined) builder.mappings(options.mappings as never);
  for (const one of options.series) builder.overrideByName(one.name, colourOf(one));
  return { width: options.width, builder };
}

export interface Measured extends Common, Figures {
  /** Expression and the legend of its series. */
  queries: ReadonlyArray<readonly [expr: string, legend: string]>;
}

const notMeasured = '没有这项运行指标：服务未启动，或 Prometheus 未采集';

/** Lines of running services' own figures. */
export function metrics(options: Measured): PanelPart {
  const builder = lines({ ...options, noValue: notMeasured })
    .datasource(prometheus)
    .targets(options.queries.map(([expr, name], at) => promQuery(String.fromCharCode(65 + at), expr, name)))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic));
  return { width: options.width, builder };
}

export interface PointMap extends Sql {
  /** Columns with degrees, the word that has a colour, and the words beside a point. */
  lat: string;
  lon: string;
  band: string;
  label: string;
  more: readonly Column[];
}

/** One transparent picture for every tile: a map without a background asks nobody for one. */
const noTiles = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

/** Points coloured by band, with no need of an internet map. */
export function pointMap(options: PointMap): PanelPart {
  const { lat, lon, band, label, more } = options;
  const style = {
    color: { field: band, fixed: neutral },
    opacity: 1,
    size: { fixed: 9, min: 9, max: 9 },
    symbol: { mode: 'fixed', fixed: 'img/icons/marker/circle.svg' },
    text: { mode: 'field', field: label, fixed: '' },
    textConfig: { fontSize: 12, offsetX: 0, offsetY: 20, textAlign: 'center', textBaseline: 'middle' },
  };
  const builder = begun(new GeomapBuilder(), { ...options, unit: 'none', decimals: 2 })
    .datasource(clickhouse)
    .targets([tableQuery(options.sql)])
    .view(new MapViewConfigBuilder().id('fit').allLayers(true).padding(15))
    .controls(new ControlsOptionsBuilder().showZoom(true).mouseWheelZoom(false).showAttribution(false))
    .tooltip(new TooltipOptionsBuilder().mode(TooltipMode.Details))
    .basemap(
      new common.MapLayerOptionsBuilder()
        .type('xyz')
        .name('无底图')
        .config({ url: noTiles, attribution: '' })
        .tooltip(false),
    )
    .layers([
      new common.MapLayerOptionsBuilder()
        .type('markers')
        .name('单位')
        .location(
          new common.FrameGeometrySourceBuilder()
            .mode(common.FrameGeometrySourceMode.Coords)
            .latitude(lat)
            .longitude(lon),
        )
        .config({ showLegend: false, style })
        .tooltip(true),
    ]);
  const degrees = [lat, lon].map((name): Column => ({ name, kind: 'degrees' }));
  for (const column of [
    ...degrees,
    { name: band, kind: 'band' } as const,
    { name: label, kind: 'text' } as const,
    ...more,
  ])
    builder.overrideByName(
      column.name,
      overridesOf(column).filter(({ id }) => !id.startsWith('custom.')),
    );
  return { width: options.width, builder };
}

/** Names of bands over time. */
export function bandTimeline(options: Sql): PanelPart {
  const builder = begun(new StateTimelineBuilder(), { ...options, unit: 'string', decimals: 0 })
    .datasource(clickhouse)
    .targets([seriesQuery(options.sql)])
    .showValue(common.VisibilityMode.Always)
    .mappings(bandMappings as never)
    .legend(legend().showLegend(false));
  return { width: options.width, builder };
}
