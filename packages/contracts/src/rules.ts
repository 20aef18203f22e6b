import { FIRST_YEAR, LAST_YEAR } from './primitives.js';

/** What the rules of `parseEvent` mean, in the words of the people who keep the ledgers. */
export const ruleTexts: Readonly<Record<string, string>> = {
  required: '必填项为空',
  personal_data: '含个人信息，不得入库',
  not_in_list: '不在允许的取值之内',
  unknown_schema: '未知的记录类型',
  not_an_object: '不是一条记录',
  unrecognized_keys: '有未知的字段',
  too_big: '超过上限',
  too_small: '低于下限',
  precision_mismatch: '时间与所标精度不符',
  occurred_after_recorded: '发生时间晚于登记时间',
  from_the_future: '晚于消息写入日志的时间',
  required_with_turned_criminal_case_id: '已转为刑事案件，须有转案时间',
  required_with_result: '已有调解结果，须有办结时间',
  below_level: '最高级别低于初始级别',
  invalid_county_code: '县代码格式不对',
  invalid_source_name: '来源名称格式不对',
  invalid_case_id: '编号为空、过长或含控制字符',
  invalid_region_code: '区域代码格式不对',
  invalid_instant: '须为带时区的日期时间',
  invalid_day: '须为 年-月-日',
  invalid_month: '须为 年-月',
  invalid_moment: '不是有效的日期或时间',
  invalid_occurred_at: '不是有效的时间、日期或月份',
  year_out_of_range: `年份须在 ${FIRST_YEAR} 至 ${LAST_YEAR} 之间`,
};

/** Rules that end with their bound: the words before it. */
export const boundedRuleTexts: Readonly<Record<string, string>> = {
  before_: '时间早于 ',
  above_: '大于 ',
  expected_: '类型不对，应为 ',
};

/** A rule's Chinese text; the rule itself where it has none, so that nothing is hidden. */
export function ruleText(rule: string): string {
  const bounded = Object.entries(boundedRuleTexts).find(([beginning]) => rule.startsWith(beginning));
  if (bounded) return `${bounded[1]}${rule.slice(bounded[0].length)}`;
  return ruleTexts[rule] ?? rule;
}
