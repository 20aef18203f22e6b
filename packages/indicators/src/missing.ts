/** `missing_reason` of an indicator that is shown and never scored. */
export const contextReason = 'context';

/** Why a score is missing, in the words of its readers. */
export const missingReasonNames: Readonly<Record<string, string>> = {
  no_data_month: '本月没有可计的该类数据',
  no_population: '缺常住人口数',
  no_cases: '统计期内无应计事项',
  no_baseline: '尚无可比基准（同类及全县基期均值为零或无数据）',
  below_minimum: '统计期内件数过少，只显示、不计分',
  [contextReason]: '仅供参考，不计分',
  insufficient_data: '数据不足（缺失权重超过规定比例）',
};

/** Chinese text of a `missing_reason`; the code itself where it has none, so that nothing is hidden. */
export function missingReasonText(code: string): string {
  return missingReasonNames[code] ?? code;
}
