import { stringify } from 'yaml';
import { officeAlerts } from './office.js';
import { runbookOf } from './types.js';

/** Uids of the data source and of the folder in `deploy/grafana/provisioning`. */
const source = 'pingan-clickhouse';
const folder = '领导驾驶舱';

/**
 * Alert rules as Grafana reads them from a file. No row is no message, and no fault: noDataState is OK. A query that fails is
 * Grafana's own alert DatasourceError, which goes to operators (`contacts.yaml`). Templates are written with `.Labels`, since a
 * `$` is taken for a variable of the environment.
 */
export function grafanaRules(): string {
  const rules = officeAlerts.map(({ uid, title, description, sql, runbook }) => ({
    uid,
    title,
    condition: 'B',
    for: '0s',
    noDataState: 'OK',
    execErrState: 'Error',
    isPaused: false,
    labels: { audience: 'office' },
    annotations: { summary: title, description, command: runbook.command, runbook: runbookOf(uid) },
    data: [
      {
        refId: 'A',
        relativeTimeRange: { from: 600, to: 0 },
        datasourceUid: source,
        model: { refId: 'A', editorType: 'sql', queryType: 'table', format: 1, rawSql: sql, pluginVersion: '4.20.0' },
      },
      {
        refId: 'B',
        relativeTimeRange: { from: 600, to: 0 },
        datasourceUid: '__expr__',
        model: {
          refId: 'B',
          type: 'threshold',
          expression: 'A',
          conditions: [{ evaluator: { type: 'gt', params: [0] } }],
        },
      },
    ],
  }));
  const groups = [{ orgId: 1, name: 'pingan-office', folder, interval: '10m', rules }];
  return `# Generated: node dashboards/dist/write.js\n${stringify({ apiVersion: 1, groups }, { lineWidth: 0 })}`;
}
