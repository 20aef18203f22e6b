import type { Basis } from './types.js';

/** The indicator whose parts are classes of cases, each with a weight in days. */
export const harmIndicator = 'P02';

/** Highest weight of a case, in days: above it one homicide would swamp a year. Deaths are red lines besides. */
export const maxSeverityDays = 3650;

/**
 * 危害权重 of P02 in days, by the class of a case (its `sub_category`). `public_order` and `criminal` stand for cases whose
 * class is not stated or not in the table. A county edits them in its scheme.
 */
export const defaultSeverity: Readonly<Record<string, number>> = {
  public_order: 1,
  minor_public_order: 1,
  disturbance: 5,
  assault: 10,
  petty_theft: 10,
  criminal: 180,
  theft: 180,
  vehicle_theft: 180,
  pickpocketing: 180,
  fraud: 365,
  contact_fraud: 365,
  telecom_fraud: 365,
  burglary: 365,
  minor_injury: 365,
  snatching: 365,
  fraud_large: 1095,
  robbery: 1460,
  serious_injury: 1460,
  drug_trafficking: 1460,
  rape: 1825,
  arson: 1825,
  explosion: 1825,
  poisoning: 1825,
  homicide: 3650,
};

export const severityNames: Readonly<Record<string, string>> = {
  public_order: '治安案件（类别未列）',
  minor_public_order: '轻微治安案件',
  disturbance: '扰乱公共秩序',
  assault: '殴打他人',
  petty_theft: '治安盗窃',
  criminal: '刑事案件（类别未列）',
  theft: '刑事盗窃',
  vehicle_theft: '盗窃车辆',
  pickpocketing: '扒窃',
  fraud: '诈骗',
  contact_fraud: '接触性诈骗',
  telecom_fraud: '电信网络诈骗',
  burglary: '入室盗窃',
  minor_injury: '轻伤害',
  snatching: '抢夺',
  fraud_large: '诈骗（数额巨大）',
  robbery: '抢劫',
  serious_injury: '重伤害',
  drug_trafficking: '贩毒',
  rape: '强奸',
  arson: '放火',
  explosion: '爆炸',
  poisoning: '投毒',
  homicide: '命案',
};

export const severityBasis: Basis = {
  text: '方法见英国ONS、加拿大统计局犯罪危害指数；我国无县级量刑统计，权重按法定刑幅度的一般理解拟定，未核实，由县里修改',
  mark: '✘',
};

/** Class of a case for P02: its own where the table has it, else category and own, else the category. */
export const severityPart = `if(isNull(sub_category), category, if(has([${Object.keys(defaultSeverity)
  .map((name) => `'${name}'`)
  .join(', ')}], assumeNotNull(sub_category)), sub_category, concat(category, ':', sub_category)))`;

/**
 * Days of a class as `severityPart` writes it. A class that is not in the table weighs like its category: what is not
 * listed is mostly slight, and guessing high would let spelling decide ranks.
 */
export function severityDays(part: string, table: Readonly<Record<string, number>>): number {
  const at = part.indexOf(':');
  const [category, own] = at < 0 ? ['criminal', part] : [part.slice(0, at), part.slice(at + 1)];
  return table[own] ?? table[category] ?? defaultSeverity.criminal!;
}
