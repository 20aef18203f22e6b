/** What to do about an alert, in the language of the office and in English. */
export interface Runbook {
  /** The first thing to type, without explanation. */
  command: string;
  /** What it means and what to do next. */
  zh: string;
  en: string;
}

interface Alert {
  /** Chinese, without figures. */
  title: string;
  /** Chinese, with the figures of the case at hand. */
  description: string;
  runbook: Runbook;
}

/** Judged by Prometheus from the services' metrics, for operators. */
export interface OperatorAlert extends Alert {
  name: string;
  /** PromQL that gives one series per thing that is wrong, and none where nothing is known. */
  expr: string;
  /** How long it must hold, as Prometheus writes it. */
  for: string;
  /** `page`: somebody must look now. `ticket`: today is early enough. */
  severity: 'page' | 'ticket';
}

/** Judged by Grafana from the store's views, for 平安办. */
export interface OfficeAlert extends Alert {
  uid: string;
  /** One row per message: text columns are its labels, `value` its one figure, above 0 when it is to be sent. */
  sql: string;
}

export const anchorOf = (name: string) => name.toLowerCase();

export const runbookOf = (name: string) => `deploy/runbook.md#${anchorOf(name)}`;
