import type { GrafanaTheme2 } from '@grafana/data';
import { type DataFrame, type Field, FieldType, formattedValueToString, getDisplayProcessor } from '@grafana/data';
import { LegendDisplayMode } from '@grafana/schema';
import { VizLegend } from '@grafana/ui';
import type { ReactNode } from 'react';

/** What the panels share that are drawn here because Grafana keeps their renderers out of its packages. */
export const textOf = (field: Field, value: unknown, theme: GrafanaTheme2): string =>
  formattedValueToString((field.display ?? getDisplayProcessor({ field, theme }))(value));

export const colourOf = (field: Field, theme: GrafanaTheme2): string => {
  const named = field.config.color?.fixedColor ?? 'text';
  return named === 'transparent' ? 'transparent' : theme.visualization.getColorByName(named);
};

export const numbersOf = (frame: DataFrame): Field[] =>
  frame.fields.filter(({ type, config }) => type === FieldType.number && !config.custom?.hideFrom?.viz);

/** Width of a text at 12 pixels: Chinese characters are square. */
export const widthOf = (text: string): number =>
  [...text].reduce((sum, sign) => sum + (/[\u2e80-\uffef]/.test(sign) ? 12 : 6.8), 0);

interface DrawingProps {
  title: string;
  width: number;
  height: number;
  theme: GrafanaTheme2;
  children: ReactNode;
}

export const Drawing = ({ title, width, height, theme, children }: DrawingProps) => (
  <svg width={width} height={height} role="img" aria-label={title} fontSize={12} fill={theme.colors.text.primary}>
    {children}
  </svg>
);

export function Legend({ fields, theme }: { fields: Field[]; theme: GrafanaTheme2 }) {
  const items = fields.map((field) => ({ label: field.name, color: colourOf(field, theme), yAxis: 1 }));
  return <VizLegend placement="bottom" items={items} displayMode={LegendDisplayMode.List} />;
}

/** Round steps of a scale: 1, 2 or 5 times a power of ten. */
export function ticksOf(low: number, high: number, count: number): number[] {
  const raw = (high - low) / Math.max(count, 1);
  if (!(raw > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= raw)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
}

/** Few enough decimals that the steps of a scale differ. */
export function tickText(value: number, ticks: readonly number[]): string {
  const step = ticks.length > 1 ? Math.abs(ticks[1]! - ticks[0]!) : 1;
  return value.toFixed(step >= 1 ? 0 : Math.min(4, Math.ceil(-Math.log10(step) - 1e-9)));
}
