import type { PanelProps } from '@grafana/data';

/** What Grafana shows in place of a panel without data. */
export function Empty({ text }: { text: string }) {
  return <div className="preview-empty">{text}</div>;
}

export const noValueOf = ({ fieldConfig }: Pick<PanelProps, 'fieldConfig'>) =>
  fieldConfig.defaults.noValue ?? '没有数据';

export const isEmpty = ({ data }: Pick<PanelProps, 'data'>) => data.series.every(({ length }) => length === 0);

/** Stands where the panels of services' own figures would be. */
export function NoPrometheusCard() {
  return <Empty text="没有连接 Prometheus，见页首" />;
}
