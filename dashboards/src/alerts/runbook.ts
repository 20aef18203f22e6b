import { officeAlerts } from './office.js';
import { operatorAlerts } from './operators.js';
import { recovery } from './recovery.js';
import { anchorOf, type Runbook } from './types.js';

const section = (name: string, title: string, { command, zh, en }: Runbook) =>
  [`## ${name}`, `<a id="${anchorOf(name)}"></a>`, `    ${command}`, `**${title}。** ${zh}`, en].join('\n\n');

const head = `<!-- Generated: node dashboards/dist/write.js -->

# 报警处置手册 Runbook

每一段先写第一条要输入的命令。\`pingan\` 在容器部署中是 \`docker compose exec scorer pingan\`，在检出的目录中是 \`npm run -s pingan --\`。

Each paragraph begins with the first command to type. \`pingan\` stands for \`docker compose exec scorer pingan\` where containers run,
for \`npm run -s pingan --\` in a checkout.

不是报警的三段在最后 / at the end, without an alert: [备份 Backup](#backup)、[恢复 Restore](#restore)、[恢复演练 Fire drill](#fire-drill)。
`;

/** What to do about each alert, and about a loss, as Markdown. */
export function runbook(): string {
  const operators = operatorAlerts.map((alert) => section(alert.name, alert.title, alert.runbook));
  const office = officeAlerts.map((alert) => section(alert.uid, alert.title, alert.runbook));
  return `${[head.trimEnd(), ...operators, ...office, recovery.trimEnd()].join('\n\n')}\n`;
}
