import { absolute, classMean, classMeanBasis, contextOnly, proposal } from './goalposts.js';
import { majorOpinionLevel, opinionClosingDays, opinionLevelWeights, responseHours, watchDays } from './limits.js';
import { counted, ratio, share } from './shapes.js';
import { all, exact, flag, localDate } from './sql.js';
import type { Indicator } from './types.js';

const levels = Object.keys(opinionLevelWeights).join(', ');
const weights = Object.values(opinionLevelWeights).join(', ');
const levelWeight = `transform(ifNull(level, 1), [${levels}], [${weights}], 1)`;

const notFalseRumour = 'NOT ifNull(is_false_rumour, 0)';

const responseDue =
  `addHours(discovered_at, ` +
  `if(ifNull(level, 1) >= ${majorOpinionLevel}, ${responseHours.major}, ${responseHours.other}))`;

const event = { dimension: 'opinion', recordType: 'opinion.event' } as const;

const discovered = localDate('discovered_at');
const closed = localDate('closed_at');
const closingDue = `${discovered} + ${opinionClosingDays}`;
const watched = `${closed} + ${watchDays.secondary}`;

/** 舆情. Townships see 0–3 events a month; volume and the number of positive posts are never scored. */
export const opinionIndicators: readonly Indicator[] = [
  {
    ...event,
    code: 'O01',
    name: '负面舆情强度',
    id: 'negative_opinion_intensity',
    kind: 'intensity',
    unit: '分值/月',
    direction: -1,
    window: 3,
    weighting: 'ewma',
    level: 'township',
    lag: 0,
    definition:
      '经核实的负面舆情，每件计 ln(1＋热度)×级别权数（' +
      `${Object.entries(opinionLevelWeights)
        .map(([level, weight]) => `${level}级${weight}`)
        .join('、')}），按月求和后取三个月加权平均（新月权数高，4:2:1）；查实为谣言的不计`,
    cohort: '按发现时间所在月份计入',
    query: {
      where: flag(all('isNotNull(verified_at)', `sentiment = 'negative'`, notFalseRumour)),
      // A decimal per event: the sum is exact and does not depend on the order of the rows.
      terms: counted(discovered, exact(`log(1 + ifNull(heat, 0)) * ${levelWeight}`)),
    },
    weight: 30,
    goalposts: classMean,
    goalpostsBasis: classMeanBasis,
    basis: proposal('强度公式与级别权数为本系统建议'),
    plausible: { min: 0, max: 1000 },
  },
  {
    ...event,
    ...ratio,
    code: 'O02',
    name: '首次回应及时率',
    id: 'first_response_on_time',
    level: 'department',
    direction: 1,
    window: 3,
    definition:
      `需回应的舆情中，自发现起在时限内首次回应的占比；时限：${majorOpinionLevel}级及以上${responseHours.major}小时，` +
      `其余${responseHours.other}小时；未标明是否需回应的，负面舆情视为需回应`,
    cohort: '按回应时限届满之时所在月份计入',
    query: {
      where: flag(`ifNull(needs_response, sentiment = 'negative')`),
      terms: share(localDate(responseDue), flag(`first_response_at <= ${responseDue}`)),
    },
    weight: 30,
    goalposts: absolute(50, 80, 100),
    goalpostsBasis: proposal('无既定目标值：建议50%得0分，80%得60分，100%得100分'),
    basis: {
      text: '国办发〔2016〕61号：特别重大、重大突发事件舆情24小时内举行新闻发布会，其他48小时内回应',
      mark: '✔',
    },
  },
  {
    ...event,
    ...ratio,
    code: 'O03',
    name: '核查办结率',
    id: 'opinion_closed_rate',
    direction: 1,
    window: 3,
    definition: `满${opinionClosingDays}日的舆情中，自发现之日起${opinionClosingDays}日内已办结的占比；期限为本系统建议，由县里定`,
    cohort: `按发现日＋${opinionClosingDays}日所在月份计入`,
    query: { terms: share(closingDue, flag(`${closed} <= ${closingDue}`)) },
    weight: 15,
    goalposts: absolute(50, 80, 100),
    goalpostsBasis: proposal('无既定目标值：建议50%得0分，80%得60分，100%得100分'),
    basis: proposal('办结期限未见统一规定，15日为本系统建议'),
  },
  {
    ...event,
    ...ratio,
    code: 'O04',
    name: '舆情升级率',
    id: 'opinion_escalation_rate',
    direction: -1,
    window: 12,
    definition: '舆情事件中最高级别高于初始级别的占比；查实为谣言的不计',
    cohort: '按发现时间所在月份计入',
    query: {
      where: flag(notFalseRumour),
      terms: share(discovered, flag('coalesce(peak_level, level) > level')),
    },
    weight: 15,
    goalposts: classMean,
    goalpostsBasis: classMeanBasis,
    basis: { text: '舆情一至四级（蓝、黄、橙、红）分级的通行做法', mark: '◐' },
    plausible: { min: 0, max: 60 },
  },
  {
    ...event,
    ...ratio,
    code: 'O05',
    name: '次生/反复率',
    id: 'opinion_rebound_rate',
    direction: -1,
    window: 12,
    definition: `已办结的舆情中，办结后${watchDays.secondary}日内又引发次生舆情的占比`,
    cohort: `满${watchDays.secondary}日观察期后，按办结日＋${watchDays.secondary}日所在月份计入`,
    lag: 1,
    query: {
      terms: share(watched, flag(`${localDate('first_secondary_at')} <= ${watched}`)),
    },
    weight: 10,
    goalposts: classMean,
    goalpostsBasis: classMeanBasis,
    basis: proposal('与O03相互印证，防止只求办结'),
    plausible: { min: 0, max: 60 },
  },
  {
    ...event,
    ...ratio,
    ...contextOnly,
    code: 'O06',
    name: '涉县声量/净情感',
    id: 'net_sentiment',
    level: 'county',
    window: 3,
    definition: '（正面舆情件数 − 负面舆情件数）÷ 全部舆情件数；分母即涉县声量。可被刷帖左右，不计分',
    cohort: '按发现时间所在月份计入',
    query: {
      terms: share(discovered, `if(sentiment = 'positive', 1, if(sentiment = 'negative', -1, 0))`),
    },
    basis: proposal('供了解舆论环境'),
    plausible: { min: -100, max: 100 },
  },
];
