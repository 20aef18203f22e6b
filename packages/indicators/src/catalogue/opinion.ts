import { absolute, classMean, classMeanBasis, proposal } from './goalposts.js';
import { majorOpinionLevel, opinionLevelWeights, responseHours } from './limits.js';
import { all, flag, localDate } from './sql.js';
import type { Indicator } from './types.js';

const levels = Object.keys(opinionLevelWeights).join(', ');
const weights = Object.values(opinionLevelWeights).join(', ');
const levelWeight = `transform(ifNull(level, 1), [${levels}], [${weights}], 1)`;

const notFalseRumour = 'NOT ifNull(is_false_rumour, 0)';

const responseDue =
  `addHours(discovered_at, ` +
  `if(ifNull(level, 1) >= ${majorOpinionLevel}, ${responseHours.major}, ${responseHours.other}))`;

/** 舆情. Townships see 0–3 events a month; volume and the number of positive posts are never scored. */
export const opinionIndicators: readonly Indicator[] = [
  {
    code: 'O01',
    name: '负面舆情强度',
    id: 'negative_opinion_intensity',
    dimension: 'opinion',
    recordType: 'opinion.event',
    kind: 'intensity',
    unit: '分值/月',
    direction: -1,
    window: 3,
    weighting: 'ewma',
    definition:
      '经核实的负面舆情，每件计 ln(1＋热度)×级别权数（' +
      `${Object.entries(opinionLevelWeights)
        .map(([level, weight]) => `${level}级${weight}`)
        .join('、')}），按月求和后取三个月加权平均（新月权数高，4:2:1）；查实为谣言的不计`,
    cohort: '按发现时间所在月份计入',
    query: {
      where: flag(all('isNotNull(verified_at)', `sentiment = 'negative'`, notFalseRumour)),
      cohort: localDate('discovered_at'),
      denominator: null,
      // A decimal per event: the sum is exact and does not depend on the order of the rows. Through a text, because
      // ClickHouse cuts a float to a decimal instead of rounding it.
      numerator: `toDecimal64(toString(round(log(1 + ifNull(heat, 0)) * ${levelWeight}, 6)), 6)`,
    },
    weight: 30,
    goalposts: classMean,
    goalpostsBasis: classMeanBasis,
    basis: proposal('强度公式与级别权数为本系统建议'),
    plausible: { min: 0, max: 1000 },
  },
  {
    code: 'O02',
    name: '首次回应及时率',
    id: 'first_response_on_time',
    dimension: 'opinion',
    recordType: 'opinion.event',
    kind: 'ratio',
    unit: '%',
    direction: 1,
    window: 3,
    weighting: 'sum',
    definition:
      `需回应的舆情中，自发现起在时限内首次回应的占比；时限：${majorOpinionLevel}级及以上${responseHours.major}小时，` +
      `其余${responseHours.other}小时；未标明是否需回应的，负面舆情视为需回应`,
    cohort: '按回应时限届满之时所在月份计入',
    query: {
      where: flag(`ifNull(needs_response, sentiment = 'negative')`),
      cohort: localDate(responseDue),
      denominator: '1',
      numerator: flag(`first_response_at <= ${responseDue}`),
    },
    weight: 30,
    goalposts: absolute(50, 80, 100),
    goalpostsBasis: proposal('无既定目标值：建议50%得0分，80%得60分，100%得100分'),
    basis: {
      text: '国办发〔2016〕61号：特别重大、重大突发事件舆情24小时内举行新闻发布会，其他48小时内回应',
      mark: '✔',
    },
    plausible: { min: 0, max: 100 },
  },
  {
    code: 'O04',
    name: '舆情升级率',
    id: 'opinion_escalation_rate',
    dimension: 'opinion',
    recordType: 'opinion.event',
    kind: 'ratio',
    unit: '%',
    direction: -1,
    window: 12,
    weighting: 'sum',
    definition: '舆情事件中最高级别高于初始级别的占比；查实为谣言的不计',
    cohort: '按发现时间所在月份计入',
    query: {
      where: flag(notFalseRumour),
      cohort: localDate('discovered_at'),
      denominator: '1',
      numerator: flag('coalesce(peak_level, level) > level'),
    },
    weight: 15,
    goalposts: classMean,
    goalpostsBasis: classMeanBasis,
    basis: { text: '舆情一至四级（蓝、黄、橙、红）分级的通行做法', mark: '◐' },
    plausible: { min: 0, max: 60 },
  },
];
