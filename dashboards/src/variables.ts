import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableHide,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { clickhouse, prometheus, tidy } from './queries.js';

/**
 * Values of variables in SQL. What stands in the address bar is not to be trusted, and Grafana's own quoting lets a backslash
 * through: percent-encoded, a value has no character that could end the text it stands in.
 */
export const county = "decodeURLComponent('${county:percentencode}')";
export const month = "decodeURLComponent('${month:percentencode}')";
export const region = "decodeURLComponent('${region:percentencode}')";
export const indicator = "decodeURLComponent('${indicator:percentencode}')";
export const scheme = "decodeURLComponent('${scheme:percentencode}')";
/** A condition on `unit_code` for the variable `unit`, of which several or all may be chosen. */
export const chosenUnits =
  "$__conditionalAll(has(splitByChar(',', replaceRegexpAll(decodeURLComponent('${unit:percentencode}'), '[{}]', '')), unit_code), $unit)";
/** Which numbers are shown: those that follow the data. A view of runs has to be told. */
const basis = "'latest'";
/** Arguments of views over all months of a county, and of most others. */
export const ofCounty = `county = ${county}, basis = ${basis}`;
export const ofMonth = `${ofCounty}, month = ${month}`;

interface Picker {
  name: string;
  label: string;
  description: string;
  /** Columns: value, text. */
  sql: string;
}

const picker = ({ name, label, description, sql }: Picker) =>
  new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(clickhouse)
    .query({ refId: name, queryType: 'sql', rawSql: tidy(sql) })
    .refresh(VariableRefresh.OnDashboardLoad)
    .sort(VariableSort.Disabled)
    .allowCustomValue(false);

export type VariableName = 'county' | 'month' | 'region' | 'unit' | 'indicator' | 'scheme';

const pickers: Record<VariableName, () => QueryVariableBuilder> = {
  county: () =>
    picker({
      name: 'county',
      label: '县',
      description: '已登记的县',
      sql: `SELECT county, if(is_demo, concat(name, '（示例数据）'), name) AS text FROM v_counties ORDER BY county LIMIT 3000`,
    }),
  month: () =>
    picker({
      name: 'month',
      label: '月份',
      description: '已有计分结果的月份，新的在前',
      sql: `SELECT month, concat(toString(toYear(period)), '年', toString(toMonth(period)), '月') AS text FROM v_months(${ofCounty})
        ORDER BY month DESC LIMIT 240`,
    }),
  region: () =>
    picker({
      name: 'region',
      label: '单位',
      description: '所选月份参加排名的单位，按名次',
      sql: `SELECT region_code, name FROM v_ranking(${ofMonth}) ORDER BY rank ASC NULLS LAST, region_code LIMIT 500`,
    }),
  unit: () =>
    picker({
      name: 'unit',
      label: '单位',
      description: '可选一个、几个或全部',
      sql: `SELECT region_code, name FROM v_ranking(${ofMonth}) ORDER BY region_code LIMIT 500`,
    })
      .multi(true)
      .includeAll(true)
      .current({ text: '全部', value: '$__all', selected: true }),
  indicator: () =>
    picker({
      name: 'indicator',
      label: '指标',
      description: '指标目录中的指标',
      sql: `SELECT code, concat(code, ' ', name) AS text FROM v_indicator_names ORDER BY position LIMIT 200`,
    }),
  scheme: () =>
    picker({
      name: 'scheme',
      label: '对比方案',
      description: '本县曾按其计分、而非本月在用的方案',
      sql: `SELECT scheme_hash, concat(argMax(scheme_name, period), ' ', scheme_hash) AS text
        FROM v_scheme_runs(county = ${county})
        WHERE scheme_hash NOT IN (SELECT scheme_hash FROM v_months(${ofCounty}) WHERE month = ${month})
        GROUP BY scheme_hash ORDER BY max(period) DESC LIMIT 100`,
    }),
};

export const variables = (...names: VariableName[]): Builder<VariableModel>[] => names.map((name) => pickers[name]());

/** Variables that only travel on to the next dashboard. */
export const carried = (...names: VariableName[]): Builder<VariableModel>[] =>
  names.map((name) => pickers[name]().hide(VariableHide.HideVariable));

const source = (name: string, label: string, type: string) =>
  new DatasourceVariableBuilder(name).label(label).type(type).hide(VariableHide.HideVariable).allowCustomValue(false);

export const clickhouseSource = () => source('ds', '指数库', clickhouse.type);
export const prometheusSource = () => source('prom', '运行指标', prometheus.type);
