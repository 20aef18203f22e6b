import { grafanaRules } from './grafana.js';
import { prometheusRules } from './prometheus.js';
import { runbook } from './runbook.js';

export { officeAlerts } from './office.js';
export { lag, operatorAlerts } from './operators.js';
export { anchorOf, type OfficeAlert, type OperatorAlert, runbookOf } from './types.js';

/** Committed files made from the alerts, below `deploy/`. */
export const alertFiles = [
  { name: 'prometheus/rules/pingan.yaml', text: prometheusRules() },
  { name: 'grafana/provisioning/alerting/pingan.yaml', text: grafanaRules() },
  { name: 'runbook.md', text: runbook() },
] as const;
