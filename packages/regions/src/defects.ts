/** One thing wrong with a region table. `file` and `line` are known only for tables read from a file. */
export interface RegionDefect {
  file: string | null;
  line: number | null;
  /** Region code of the row, where it has one. */
  code: string | null;
  field: string;
  rule: string;
  value: string;
}

const ruleTexts: Record<string, string> = {
  required: '必填项为空',
  control_character: '含有换行或其他控制字符',
  missing_column: '缺少必需的列',
  unknown_column: '未知的列',
  duplicate_column: '列重复',
  column_count: '列数与表头不符',
  not_csv: '不是有效的 CSV',
  no_rows: '没有数据行',
  invalid_code: '区域代码格式不对',
  invalid_level: '须为 county、township 或 village',
  invalid_boolean: '须为 true、false、1、0、是 或 否',
  invalid_month: '须为 年-月（YYYY-MM）',
  invalid_population: '须为正整数',
  invalid_year: '须为四位年份',
  year_required: '有人口数须有年份',
  invalid_degrees: '须为 WGS-84 的度数：纬度 -90 至 90，经度 -180 至 180',
  other_coordinate: '经度与纬度须同时填写',
  not_nine_or_twelve_digits: '须为 9 位乡镇代码或 12 位村代码',
  outside_county: '不以本县代码开头',
  level_contradicts_code: '与代码位数不符',
  duplicate_code: '代码重复',
  parent_missing: '上级区域不在表中',
  parent_cycle: '上级关系成环',
  counts_as_missing: '归并区域不在表中',
  counts_as_cycle: '归并关系成环',
  counts_as_of_ranked: '参加排名又无生效、失效月份的区域不能再归并',
  valid_to_before_from: '失效月份早于生效月份',
  duplicate_population_year: '同一年份有两个人口数',
  duplicate_population_month: '同一月份起有两个人口数（只写年份的自当年 1 月起）',
  former_code_in_use: '原代码仍是表中另一区域的代码',
  former_code_twice: '原代码出现了两次',
  overlapping_units: '与上级区域同时参加排名，会重复计算',
};

function describe(defect: RegionDefect): string {
  const where = [
    defect.file ?? '',
    defect.line === null ? '' : `第 ${defect.line} 行`,
    defect.line === null && defect.code !== null ? `区域 ${defect.code}` : '',
  ].filter((part) => part !== '');
  return `${where.join(' ')} ${defect.field}：${ruleTexts[defect.rule] ?? defect.rule}（${defect.value || '空'}）`.trim();
}

/** Lists every defect of a table in Chinese; `defects` holds the same for programs. */
export class RegionTableError extends Error {
  readonly defects: readonly RegionDefect[];

  constructor(defects: readonly RegionDefect[]) {
    super(`区域表有 ${defects.length} 处错误：\n${defects.map((d) => `- ${describe(d)}`).join('\n')}`);
    this.name = 'RegionTableError';
    this.defects = defects;
  }
}
