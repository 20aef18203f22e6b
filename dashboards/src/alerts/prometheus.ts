import { stringify } from 'yaml';
import { lag, operatorAlerts } from './operators.js';
import { runbookOf } from './types.js';

/** Rules file of Prometheus. */
export function prometheusRules(): string {
  const rules = operatorAlerts.map(({ name, expr, for: held, severity, title, description, runbook }) => ({
    alert: name,
    expr,
    for: held,
    labels: { severity },
    annotations: { summary: title, description, command: runbook.command, runbook: runbookOf(name) },
  }));
  const groups = [{ name: 'pingan', interval: '15s', rules: [lag, ...rules] }];
  return `# Generated: node dashboards/dist/write.js\n${stringify({ groups }, { lineWidth: 0 })}`;
}
