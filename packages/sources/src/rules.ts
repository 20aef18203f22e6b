import { ruleText } from '@pingan/contracts';
import type { Resolution } from '@pingan/regions';

/** Rules a ledger row can break before it becomes an event; `ruleText` of the contracts knows the rest. */
const ledgerRuleTexts: Record<string, string> = {
  column_count: '列数与表头不一致',
  bad_quote: '引号未闭合或引号后有多余内容',
  too_long: '一行超过长度上限',
  not_json: '不是有效的 JSON 对象',
  not_in_mapping: '台账里的写法没有列进映射的 values',
  pattern_mismatch: '与映射中的正则表达式不符',
  unknown_region: '区域表中没有此区域',
  ambiguous_region: '区域名称对应多个区域，须指明上级或写代码',
  time_missing: '只有日期，没有时间；映射中可写 precision: day',
  nonexistent_local_time: '当地夏令时切换，此时刻不存在',
  invalid_number: '不是有效的数字',
  invalid_boolean: '不是“是/否”',
  invalid_version: '版本须为非负整数或时间',
  occurred_after_delivery: '发生时间晚于台账的交付时间（年份写错，或电脑时钟超前）',
  recorded_in_future: '登记时间晚于现在',
  moment_in_future: '已发生的事，时间却晚于现在（年份写错，或把期限填进了这一列）',
  version_in_future: '版本（最后修改时间）晚于现在，以后的更正都会输给它',
  personal_data: '含个人信息，不得入库（编号若只是流水号，映射中可写 case_id 的 serial: true）',
};

/** Rules that end with a month of the region table: the words around it. */
const monthRuleTexts: Record<string, readonly [string, string]> = {
  region_until_: ['发生时已没有此区域：区域表中它到 ', ' 为止'],
  region_from_: ['发生时还没有此区域：区域表中它从 ', ' 开始'],
};

/** Chinese text of any rule a rejection can carry. */
export function ledgerRuleText(rule: string): string {
  const withMonth = Object.entries(monthRuleTexts).find(([beginning]) => rule.startsWith(beginning));
  if (withMonth) return withMonth[1].join(rule.slice(withMonth[0].length));
  return ledgerRuleTexts[rule] ?? ruleText(rule);
}

/** The rule that a place breaks: its unit was not there in that month, or never. */
export function regionRule({ rule, known }: Resolution & { ok: false }): string {
  if (known === undefined) return rule;
  return 'until' in known ? `region_until_${known.until}` : `region_from_${known.from}`;
}
