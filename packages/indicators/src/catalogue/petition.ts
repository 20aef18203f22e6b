import { absolute, classMean, classMeanBasis, fromPassMark, proposal } from './goalposts.js';
import { clockDays } from './limits.js';
import { all, flag, localDate } from './sql.js';
import type { Indicator } from './types.js';

const noticeDue = `${localDate('registered_at')} + ${clockDays.petitionAcceptNotice}`;

const { petitionHandling, petitionExtension } = clockDays;
const acceptedDay = localDate('accepted_at');
const handlingDue =
  `if(isNull(extended_to), ${acceptedDay} + ${petitionHandling}, ` +
  `least(${localDate('extended_to')}, ${acceptedDay} + ${petitionHandling + petitionExtension}))`;

const hotlineDue = 'coalesce(extended_to, due_at)';

/** 民情: petitions and the 12345 hotline. Timeliness and resolution are scored, the number of petitions never is. */
export const petitionIndicators: readonly Indicator[] = [
  {
    code: 'X01',
    name: '及时受理告知率',
    id: 'accept_notice_on_time',
    dimension: 'petition',
    recordType: 'petition.case',
    kind: 'ratio',
    unit: '%',
    direction: 1,
    window: 1,
    weighting: 'sum',
    definition: `应在本月告知受理情况的信访事项中，自登记之日起${clockDays.petitionAcceptNotice}日（自然日）内已告知的占比`,
    cohort: `按告知期限届满之日（登记日＋${clockDays.petitionAcceptNotice}日）所在月份计入`,
    query: {
      cohort: noticeDue,
      denominator: '1',
      numerator: flag(`${localDate('accept_notified_at')} <= ${noticeDue}`),
    },
    weight: 15,
    goalposts: absolute(80, 95, 100),
    goalpostsBasis: proposal('80%得0分，95%得60分，100%得100分'),
    basis: { text: '《信访工作条例》第二十二条、第二十三条', mark: '✔' },
    plausible: { min: 0, max: 100 },
  },
  {
    code: 'X02',
    name: '按期办结率',
    id: 'closed_on_time_rate',
    dimension: 'petition',
    recordType: 'petition.case',
    kind: 'ratio',
    unit: '%',
    direction: 1,
    window: 1,
    weighting: 'sum',
    definition:
      `本月到期的申诉求决类事项中，自受理之日起${petitionHandling}日内（经批准延期的，至延期之日，延期最长` +
      `${petitionExtension}日）已办结的占比；意见建议、检举控告、涉法涉诉类及尚未受理的不计`,
    cohort: '按办理期限届满之日所在月份计入',
    query: {
      where: flag(all(`petition_type = 'appeal_claim'`, 'isNotNull(accepted_at)')),
      cohort: handlingDue,
      denominator: '1',
      numerator: flag(`${localDate('closed_at')} <= ${handlingDue}`),
    },
    weight: 20,
    goalposts: fromPassMark(92, 100),
    goalpostsBasis: proposal('92%得60分，100%得100分；0分线按同一斜率延伸至80%'),
    basis: { text: '《信访工作条例》第三十四条；适用范围为第三十一条第（六）项申诉求决类', mark: '✔' },
    plausible: { min: 0, max: 100 },
  },
  {
    code: 'X04',
    name: '重复信访率',
    id: 'repeat_rate',
    dimension: 'petition',
    recordType: 'petition.case',
    kind: 'ratio',
    unit: '%',
    direction: -1,
    window: 3,
    weighting: 'sum',
    definition: '登记的信访事项中，就已办结事项再次信访的占比；原事项尚在办理期内的重复登记不计入分子',
    cohort: '按登记日期所在月份计入',
    query: {
      cohort: localDate('registered_at'),
      denominator: '1',
      numerator: flag(all('isNotNull(repeat_of)', 'original_closed_at <= registered_at')),
    },
    weight: 12,
    goalposts: classMean,
    goalpostsBasis: classMeanBasis,
    basis: { text: '《信访工作条例》第十九条第三款：办理期限内重复提出的不予受理，故不计', mark: '✔' },
    plausible: { min: 0, max: 60 },
  },
  {
    code: 'X08',
    name: '12345按时办结率',
    id: 'hotline_on_time',
    dimension: 'petition',
    recordType: 'hotline.order',
    kind: 'ratio',
    unit: '%',
    direction: 1,
    window: 1,
    weighting: 'sum',
    definition: '本月到期的12345工单中，在办理时限（经延期的为延期后时限）前办结的占比；无时限的工单不计',
    cohort: '按办理时限所在月份计入',
    query: {
      where: flag('isNotNull(due_at)'),
      cohort: localDate(hotlineDue),
      denominator: '1',
      numerator: flag(`closed_at <= ${hotlineDue}`),
    },
    weight: 6,
    goalposts: fromPassMark(90, 99.5),
    goalpostsBasis: proposal('90%得60分，99.5%得100分；0分线按同一斜率延伸至75.75%'),
    basis: { text: '多地12345热线月度通报均公布按时办结率，常见值96%～100%', mark: '✔' },
    plausible: { min: 0, max: 100 },
  },
];
