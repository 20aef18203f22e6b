import { absolute, contextOnly, fromPassMark, proposal } from './goalposts.js';
import { arrivalMinutes, feedbackMinutes } from './limits.js';
import { counted, rate, ratio, share } from './shapes.js';
import { all, flag, localDate, oneOf } from './sql.js';
import type { Indicator } from './types.js';

const incident = { dimension: 'police', recordType: 'police.incident', cohort: '按发生时间所在月份计入' } as const;
const occurred = localDate('occurred_at');

const arrivalLimit =
  `multiIf(area_class = 'urban', ${arrivalMinutes.urban}, ` +
  `area_class = 'suburb', ${arrivalMinutes.suburb}, ${arrivalMinutes.rural})`;

/** How calls are answered; accidents and fires; how the register is kept. */
export const policeResponseIndicators: readonly Indicator[] = [
  {
    ...incident,
    ...ratio,
    code: 'P09',
    name: '紧急警情到达及时率',
    id: 'arrival_on_time_rate',
    direction: 1,
    window: 1,
    definition:
      `紧急警情（不含无效警情）中，接报后在时限内到达现场的占比；时限：城区${arrivalMinutes.urban}分钟、` +
      `城郊${arrivalMinutes.suburb}分钟、农村${arrivalMinutes.rural}分钟（农村为建议值）；无到达时间的视为未及时到达，` +
      '区域类别不明的按农村计，无接报时间的自发生时间起算',
    query: {
      where: flag(all('is_emergency', `category != 'invalid'`)),
      terms: share(occurred, flag(`arrived_at <= addMinutes(coalesce(reported_at, occurred_at), ${arrivalLimit})`)),
    },
    weight: 6,
    goalposts: fromPassMark(80, 98),
    goalpostsBasis: proposal('80%得60分，98%得100分；0分线按同一斜率延伸至53%'),
    basis: {
      text: '公安部《110接处警工作规则》：城区5分钟、城郊10分钟到达，农村尽快到达；农村时限由县定',
      mark: '◐',
    },
  },
  {
    ...incident,
    ...ratio,
    code: 'P10',
    name: '处警反馈及时率',
    id: 'feedback_on_time_rate',
    direction: 1,
    window: 1,
    definition: `已派警的警情中，到达现场后${feedbackMinutes}分钟内反馈的占比；无到达时间或无反馈时间的视为未及时反馈`,
    query: {
      where: flag('isNotNull(dispatched_at)'),
      terms: share(occurred, flag(`feedback_at <= addMinutes(arrived_at, ${feedbackMinutes})`)),
    },
    weight: 4,
    goalposts: absolute(35, 80, 99),
    goalpostsBasis: proposal('35%得0分，80%得60分，99%得100分；有市公布30分钟内反馈占比35%～99.9%'),
    basis: { text: '安康市公安局警情周报公布30分钟内反馈占比', mark: '✔' },
  },
  {
    ...incident,
    ...rate,
    code: 'P11',
    name: '道路交通伤亡事故万人率',
    id: 'road_casualty_rate',
    window: 12,
    definition: '有人员受伤或死亡的道路交通事故起数 ÷ 常住人口（万人）÷ 月数',
    query: {
      where: flag(all(`category = 'traffic'`, 'ifNull(injured, 0) + ifNull(deaths, 0) > 0')),
      terms: counted(occurred),
    },
    weight: 5,
    basis: { text: '浙江平安指数以万车死亡率计；本系统无车辆数，按常住人口计', mark: '✔' },
    plausible: { min: 0, max: 20 },
  },
  {
    ...incident,
    ...rate,
    code: 'P12',
    name: '火灾警情万人率',
    id: 'fire_rate',
    window: 12,
    definition: '有效火灾警情起数 ÷ 常住人口（万人）÷ 月数',
    query: { where: flag(`category = 'fire'`), terms: counted(occurred) },
    weight: 3,
    basis: { text: '浙江、惠州平安指数均含火灾指标', mark: '✔' },
    plausible: { min: 0, max: 20 },
  },
  {
    ...incident,
    ...ratio,
    ...contextOnly,
    code: 'P13',
    name: '有效警情率',
    id: 'valid_call_share',
    window: 1,
    definition: '有效警情 ÷ 全部警情。骤降多为登记口径变化，用于核对数据',
    query: { terms: share(occurred, flag(`category != 'invalid'`)) },
    basis: { text: '安康市公安局警情周报：四周为16.5%～36%', mark: '✔' },
  },
  {
    ...incident,
    ...ratio,
    ...contextOnly,
    code: 'P14',
    name: '治安/刑事比',
    id: 'order_crime_ratio',
    window: 3,
    definition: '治安警情 ÷ 刑事警情（刑事警情为100）。“倒挂”（低于100）多为登记问题，用于核对数据',
    query: {
      where: flag(oneOf('category', ['criminal', 'public_order'])),
      terms: share(occurred, flag(`category = 'public_order'`), flag(`category = 'criminal'`)),
    },
    basis: { text: '公安机关取消发案、破案类排名后，“倒挂”只用于核对登记，不作考核', mark: '◐' },
    plausible: { min: 0, max: 5000 },
  },
];
