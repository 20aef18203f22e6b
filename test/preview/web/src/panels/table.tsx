import type { PanelProps } from '@grafana/data';
import type { TableCellHeight } from '@grafana/schema';
import { TableNG } from '@grafana/ui/unstable';
import { Empty, isEmpty, noValueOf } from './empty';

/** Grafana's own table. */
export function TablePanel(props: PanelProps<{ cellHeight?: TableCellHeight; showHeader?: boolean }>) {
  const { data, width, height, options, timeRange } = props;
  if (isEmpty(props)) return <Empty text={noValueOf(props)} />;
  return (
    <TableNG
      data={data.series[0]!}
      width={width}
      height={height}
      cellHeight={options.cellHeight}
      timeRange={timeRange}
      structureRev={data.structureRev}
      noHeader={options.showHeader === false}
      noValue={noValueOf(props)}
      resizable
      enableVirtualization={false}
    />
  );
}
