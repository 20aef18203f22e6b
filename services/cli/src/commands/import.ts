import { failed } from '@pingan/contracts';
import { type Imported, type ImportOptions, importLedgers } from '@pingan/operations';
import type { Context, Output } from '../context.js';
import { noteProgress } from '../progress-text.js';
import { shownLine } from '../shown.js';
import { printAccount, printDelivery, shortfallOf } from './import-report.js';

function printConflicts({ out }: Output, { conflicts: { total, conflicts } }: Imported): void {
  if (total === 0) return;
  out(`同一编号同一版本而内容不同：${total} 处（撤回优先，其余按固定规则取一）。例如：`);
  for (const c of conflicts) out(`  ${c.source} ${c.case_id} 版本 ${c.version}：${c.contents} 种内容`);
}

/** Two ids that a person takes for one are two cases. */
function printTwins({ out }: Output, { twins: { total, twins } }: Imported): void {
  if (total === 0) return;
  out(`编号只差大小写或看不见的字符，各算一件：${total} 组。例如：`);
  for (const { source, ids } of twins) out(`  ${source} ${shownLine(ids.join('、'))}`);
}

/** `pingan import`: reads ledgers, waits until everything is stored, and reports. @throws Refusal (failed) unless every row is in. */
export async function importCommand(context: Context, options: ImportOptions): Promise<void> {
  const imported = await importLedgers(context, options, noteProgress(context));
  const { report, account, rejectedFile, county, changed } = imported;
  printDelivery(context.out, report, rejectedFile);
  if (account.cases > 0) printAccount(context.out, account, county);
  printConflicts(context, imported);
  printTwins(context, imported);
  const shortfall = [...(changed === undefined ? [] : [changed]), ...shortfallOf(report, account, rejectedFile)];
  if (shortfall.length > 0) {
    context.out(`送出的 ${account.versions} 条已入库 ${account.versions - account.missing} 条。`);
    throw failed(`没有全部入库。\n${shortfall.join('\n')}`);
  }
  const lost = account.overtaken + account.tied;
  context.out(lost === 0 ? '已全部入库。' : `已入库，但有 ${lost} 个案件没有采用这次送出的内容，见上。`);
}
