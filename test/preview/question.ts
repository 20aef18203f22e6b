/** What the page of the preview and its server tell each other. */

/** What a page may ask for: a query by its place in the committed files, never by its text. */
export interface Question {
  dashboard: string;
  /** Id of a panel, or name of a variable. */
  panel?: number;
  variable?: string;
  /** Values of variables by name; several of one in a list. */
  values: Record<string, string | string[]>;
  /** Seconds since 1970. */
  from: number;
  to: number;
}

export interface Table {
  columns: { name: string; type: string }[];
  rows: unknown[][];
}

export interface MetricSeries {
  name: string;
  /** Milliseconds and value. */
  points: [number, number][];
}
