import { type DeadLetterReason, deadLetterReasonNames } from '@pingan/contracts';
import { sheet } from '@pingan/presentation';
import type { County } from '@pingan/regions';
import { type DeliveryReport, ledgerRuleText } from '@pingan/sources';
import type { CaseNote, DeliveryAccount } from '@pingan/store';
import type { Output } from '../context.js';
import { renderTable } from '../table.js';

type Out = Output['out'];

/** What was read and sent, and why rows were refused. */
export function printDelivery(out: Out, report: DeliveryReport, rejectedFile: string): void {
  out(
    renderTable(
      sheet(
        [
          { title: '台账', value: (f) => f.file },
          { title: '读取', value: (f) => String(f.read), align: 'right' },
          { title: '发送', value: (f) => String(f.sent), align: 'right' },
          { title: '跳过', value: (f) => String(f.skipped), align: 'right' },
          { title: '拒收', value: (f) => String(f.rejected), align: 'right' },
          { title: '空行', value: (f) => String(f.empty), align: 'right' },
        ],
        report.files,
      ),
    ),
  );
  const empty = report.empty > 0 ? `；另有空行 ${report.empty}` : '';
  out(`合计：读取 ${report.read}，发送 ${report.sent}，跳过 ${report.skipped}，拒收 ${report.rejected}${empty}`);
  for (const { notes } of report.files) for (const text of notes) out(text);
  if (report.rejected === 0) return;
  const reasons = new Map<string, number>();
  for (const { rejectedBy } of report.files) {
    for (const [rule, count] of Object.entries(rejectedBy)) reasons.set(rule, (reasons.get(rule) ?? 0) + count);
  }
  out('拒收原因：');
  out(
    renderTable(
      sheet(
        [
          { title: '规则', value: ([rule]) => rule },
          { title: '说明', value: ([rule]) => ledgerRuleText(rule) },
          { title: '行数', value: ([, count]) => String(count), align: 'right' },
        ],
        [...reasons].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)),
      ),
    ),
  );
  const faults = [...reasons.values()].reduce((sum, count) => sum + count, 0);
  if (faults > report.rejected) out('一行可能有几处错，按原因各计一次，所以各原因的行数相加大于拒收的行数。');
  const unplaced = report.rejections.filter(({ rule, field }) => rule === 'required' && field === 'region_code');
  if (unplaced.length > 1) {
    out(
      `乡镇一列有 ${unplaced.length} 行是空的（第 ${unplaced[0]!.line} 行起）。若是合并的单元格，请先拆开，每一行都填上。`,
    );
  }
  out(`被拒收的行（行号、编号、哪一列、为什么、该行内容）见 ${rejectedFile}`);
}

const EXAMPLES = 5;

function examplesOf(notes: readonly CaseNote[], total: number, text: (note: CaseNote) => string): string {
  const shown = notes.slice(0, EXAMPLES).map((note) => `\n  ${note.case_id}：${text(note)}`);
  return `${shown.join('')}${total > shown.length ? `\n  另有 ${total - shown.length} 个` : ''}`;
}

/** What became of the cases, from what ClickHouse holds. */
export function printAccount(out: Out, account: DeliveryAccount, county: County): void {
  const nameOf = new Map(county.regions.regions.map(({ code, name }) => [code, name]));
  const region = (code: string) => nameOf.get(code) ?? code;
  const { cases, fresh, changed, unchanged, moved, retracted, overtaken, ahead, tied, shared, sharedRows } = account;
  const details = [
    ...(moved > 0 ? [`改到别的月份或乡镇 ${moved}`] : []),
    ...(retracted > 0 ? [`撤回 ${retracted}`] : []),
  ];
  const among = details.length > 0 ? `（其中${details.join('，')}）` : '';
  const lost = overtaken + tied > 0 ? `，没有采用 ${overtaken + tied}` : '';
  out(`案件 ${cases} 个：新案件 ${fresh}，有变化 ${changed}${among}，无变化 ${unchanged}${lost}`);
  if (moved > 0) {
    const from = (note: CaseNote) => `${note.month_before} ${region(note.region_before)}`;
    out(
      `改到别的月份或乡镇：${moved} 个案件，新旧两处都会重算${examplesOf(
        account.examples.moved,
        moved,
        (note) => `${from(note)} → ${note.month} ${region(note.region)}`,
      )}`,
    );
  }
  if (shared > 0) {
    out(
      `同一编号多行：${shared} 个编号共 ${sharedRows} 行，每个编号只算一个案件，以版本最新（无版本列时为最后一行）的为准${examplesOf(
        account.examples.shared,
        shared,
        ({ sent }) => `${sent} 行`,
      )}`,
    );
  }
  if (overtaken > 0) {
    const remedy =
      ahead > 0
        ? `其中 ${ahead} 个的已有版本晚于现在（来源的时钟曾经超前，或版本曾被当作整数），更正都会输给它：请先 pingan rebuild 清除这样的版本，再导入`
        : '若这份台账才是对的，请把它另存一次（更新文件时间），或在映射中写较晚的 delivered_at，再导入';
    out(
      `被更新的版本盖过：${overtaken} 个案件已有更新的版本，这次送出的内容没有采用。${remedy}${examplesOf(
        account.examples.overtaken,
        overtaken,
        ({ version }) => `现行版本 ${version}`,
      )}`,
    );
  }
  if (tied > 0) {
    out(
      `同一编号同一版本而内容不同：${tied} 个案件这次送出的内容没有采用（撤回优先，其余按固定规则取一）。请在来源系统中再保存一次，使版本变大${examplesOf(
        account.examples.tied,
        tied,
        ({ version }) => `版本 ${version}`,
      )}`,
    );
  }
}

/** Why the ledger is not wholly in; nothing when it is. */
export function shortfallOf(report: DeliveryReport, account: DeliveryAccount, rejectedFile: string): string[] {
  const texts: string[] = [];
  if (account.missing > 0) {
    const reasons = account.letters.map(
      ({ reason, count }) => `${deadLetterReasonNames[reason as DeadLetterReason] ?? reason} ${count} 条`,
    );
    const why =
      reasons.length > 0
        ? `其中成为死信：${reasons.join('，')}（pingan dead-letter list）`
        : '请用 pingan reconcile 核对日志与库';
    texts.push(`送出的 ${account.versions} 条中有 ${account.missing} 条没有入库。${why}。`);
  }
  if (report.rejected > 0) {
    texts.push(`${report.rejected} 行被拒收，没有入库；改正后再导入即可，已入库的不会重复计算。见 ${rejectedFile}`);
  }
  return texts;
}
