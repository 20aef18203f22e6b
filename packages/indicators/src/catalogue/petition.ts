import { absolute, classMean, classMeanBasis, contextOnly, fromPassMark, proposal } from './goalposts.js';
import { clockDays, groupSize, minimumRatings, objectionWorkingDays, watchDays } from './limits.js';
import { count, counted, rate, ratio, share } from './shapes.js';
import { all, flag, localDate, localYear, workingDaysAfter } from './sql.js';
import type { Indicator } from './types.js';

const petition = { dimension: 'petition', recordType: 'petition.case' } as const;

const registered = localDate('registered_at');
const noticeDue = `${registered} + ${clockDays.petitionAcceptNotice}`;

const { petitionHandling, petitionExtension } = clockDays;
const acceptedDay = localDate('accepted_at');
const handlingDue =
  `if(isNull(extended_to), ${acceptedDay} + ${petitionHandling}, greatest(${acceptedDay} + ${petitionHandling}, ` +
  `least(${localDate('extended_to')}, ${acceptedDay} + ${petitionHandling + petitionExtension})))`;

const objectionDue = workingDaysAfter(localDate('coalesce(transferred_at, registered_at)'), objectionWorkingDays);
const handedBack = `if(isNull(objection_at), 0, ${localDate('objection_at')} <= ${objectionDue})`;

const watched = `${localDate('closed_at')} + ${watchDays.repeat}`;

const levels = ['village', 'township', 'county', 'city', 'province', 'national'];
const rankOf = (column: string) =>
  `indexOf([${levels.map((level) => `'${level}'`).join(', ')}], ifNull(${column}, ''))`;
const skipsLevel = all(
  `${rankOf('competent_level')} > 0`,
  `${rankOf('level_received')} > ${rankOf('competent_level')} + 1`,
);
const originalDue =
  `coalesce(${localDate('coalesce(original_extended_to, original_due_at)')}, ` +
  `${localDate('original_accepted_at')} + ${petitionHandling})`;
const leftUnhandled = all(
  `${originalDue} < ${registered}`,
  `(isNull(original_closed_at) OR original_closed_at > registered_at)`,
);

/** No index reads months before. */
const FIRST_YEAR = 2000;
/** The contract's last year, so that the stock of open cases needs no clock. */
const LAST_YEAR = 2100;
const year = (moment: string) => `toUInt16(ifNull(${localYear(moment)}, ${LAST_YEAR}))`;
const januariesOpen =
  `arrayMap(y -> makeDate32(y, 1, 1), range(greatest(${year('registered_at')} + 1, ${FIRST_YEAR}), ` +
  `${year('closed_at')} + 1))`;

/** 信访: timeliness and resolution are scored, the number of petitions never is. */
export const petitionIndicators: readonly Indicator[] = [
  {
    ...petition,
    ...ratio,
    code: 'X01',
    name: '及时受理告知率',
    id: 'accept_notice_on_time',
    direction: 1,
    window: 1,
    definition:
      `应在本月告知受理情况的信访事项中，自登记之日起${clockDays.petitionAcceptNotice}日（自然日）内已告知的占比；` +
      `自转送（无转送时间的自登记）之日起${objectionWorkingDays}个工作日内提出异议退回的不计，未公布放假安排的年份按周一至周五为工作日`,
    cohort: `按告知期限届满之日（登记日＋${clockDays.petitionAcceptNotice}日）所在月份计入`,
    query: {
      where: flag(`NOT ${handedBack}`),
      terms: share(noticeDue, flag(`${localDate('accept_notified_at')} <= ${noticeDue}`)),
    },
    weight: 15,
    goalposts: absolute(80, 95, 100),
    goalpostsBasis: proposal('80%得0分，95%得60分，100%得100分'),
    basis: { text: '《信访工作条例》第二十二条、第二十三条', mark: '✔' },
  },
  {
    ...petition,
    ...ratio,
    code: 'X02',
    name: '按期办结率',
    id: 'closed_on_time_rate',
    direction: 1,
    window: 1,
    definition:
      `本月到期的申诉求决类事项中，自受理之日起${petitionHandling}日内（经批准延期的，至延期之日，延期最长` +
      `${petitionExtension}日，延期不缩短原期限）已办结的占比；意见建议、检举控告、涉法涉诉类及尚未受理的不计`,
    cohort: '按办理期限届满之日所在月份计入',
    query: {
      where: flag(all(`petition_type = 'appeal_claim'`, 'isNotNull(accepted_at)')),
      terms: share(handlingDue, flag(`${localDate('closed_at')} <= ${handlingDue}`)),
    },
    weight: 20,
    goalposts: fromPassMark(92, 100),
    goalpostsBasis: proposal('92%得60分，100%得100分；0分线按同一斜率延伸至80%'),
    basis: { text: '《信访工作条例》第三十四条；适用范围为第三十一条第（六）项申诉求决类', mark: '✔' },
  },
  {
    ...petition,
    ...ratio,
    code: 'X03',
    name: '初访一次性化解率',
    id: 'first_visit_resolved',
    direction: 1,
    window: 3,
    definition:
      `已办结的初次信访事项中，办结后${watchDays.repeat}日内无人就该事项再次信访的占比；未标明初访、重访的，` +
      '未指明原事项的视为初访',
    cohort: `满${watchDays.repeat}日观察期后，按办结日＋${watchDays.repeat}日所在月份计入`,
    lag: 6,
    query: {
      where: flag('ifNull(is_first, isNull(repeat_of))'),
      terms: share(watched, flag(`isNull(first_repeat_at) OR ${localDate('first_repeat_at')} > ${watched}`)),
    },
    weight: 15,
    goalposts: absolute(60, 80, 95),
    goalpostsBasis: proposal('无既定目标值：建议60%得0分，80%得60分，95%得100分'),
    basis: { text: '各地信访考核通行的“初次信访一次性化解率”', mark: '◐' },
  },
  {
    ...petition,
    ...ratio,
    code: 'X04',
    name: '重复信访率',
    id: 'repeat_rate',
    direction: -1,
    window: 3,
    definition: '登记的信访事项中，就已办结事项再次信访的占比；原事项尚在办理期内的重复登记不计入分子',
    cohort: '按登记日期所在月份计入',
    query: {
      terms: share(registered, flag(all('isNotNull(repeat_of)', 'original_closed_at <= registered_at'))),
    },
    weight: 12,
    goalposts: classMean,
    goalpostsBasis: classMeanBasis,
    basis: { text: '《信访工作条例》第十九条第三款：办理期限内重复提出的不予受理，故不计', mark: '✔' },
    plausible: { min: 0, max: 60 },
  },
  {
    ...petition,
    ...ratio,
    code: 'X05',
    name: '越级走访率',
    id: 'skip_level_rate',
    direction: -1,
    window: 12,
    definition:
      '走访中，越过有权处理机关的上一级走访、且走访登记时当地办理期限已过仍未办结的占比。原事项的办理期限为其延期后时限或' +
      `办理时限，均无的为受理日＋${petitionHandling}日；未指明原事项、期限未过或已办结的不计入分子，以免助长拦访`,
    cohort: '按登记日期所在月份计入',
    query: {
      where: flag(`channel = 'visit'`),
      terms: share(registered, flag(all(skipsLevel, leftUnhandled))),
    },
    weight: 6,
    goalposts: classMean,
    goalpostsBasis: classMeanBasis,
    basis: { text: '《信访工作条例》第二十条：向本级或者上一级机关走访，均属合规', mark: '✔' },
    plausible: { min: 0, max: 50 },
  },
  {
    ...petition,
    ...ratio,
    code: 'X06',
    name: '积案化解率',
    id: 'backlog_resolved_rate',
    direction: 1,
    window: 'ytd',
    definition: '本年1月起至本月，已办结的信访积案 ÷（年初未办结积案＋本年登记的积案）',
    cohort: '年初未办结的计入各年1月，本年登记的计入登记月份，办结的计入办结月份',
    query: {
      where: flag('is_backlog'),
      terms: [
        { cohort: registered, denominator: '1', numerator: '0' },
        { cohorts: januariesOpen, denominator: '1', numerator: '0' },
        { cohort: localDate('closed_at'), denominator: '0', numerator: '1' },
      ],
    },
    weight: 10,
    goalposts: absolute(10, 60, 95),
    goalpostsBasis: proposal('无既定目标值：建议10%得0分，60%得60分，95%得100分；累计值，年初自然偏低'),
    basis: { text: '郏县信访积案化解（273件）的报道；统计口径为本系统建议', mark: '◐' },
  },
  {
    ...petition,
    ...ratio,
    code: 'X07',
    name: '信访群众满意率',
    id: 'petitioner_satisfaction',
    direction: 1,
    window: 3,
    definition: `已作评价的信访事项中，评价为满意的占比；近3个月评价不足${minimumRatings}件的只显示、不计分`,
    cohort: '按办结日期所在月份计入',
    query: {
      where: flag('isNotNull(satisfaction)'),
      terms: share(localDate('closed_at'), flag(`satisfaction = 'satisfied'`)),
    },
    weight: 6,
    goalposts: absolute(60, 85, 98),
    goalpostsBasis: proposal('无既定目标值：建议60%得0分，85%得60分，98%得100分'),
    basis: { text: '信访“三率”：及时受理率、按期办结率、群众满意率', mark: '◐' },
    minimumN: minimumRatings,
  },
  {
    ...petition,
    ...rate,
    ...contextOnly,
    code: 'X11',
    name: '信访总量万人率',
    id: 'petition_volume',
    unit: '件/万人·月',
    window: 3,
    definition: '登记的信访事项数 ÷ 常住人口（万人）÷ 月数。只显示，不计分、不排名',
    cohort: '按登记日期所在月份计入',
    query: { terms: counted(registered) },
    basis: { text: '《信访工作条例》第三十九条：考核以依规依法及时就地解决信访问题为导向', mark: '✔' },
    plausible: { min: 0, max: 100 },
  },
  {
    ...petition,
    ...count,
    ...contextOnly,
    code: 'X12',
    name: '集体访批次',
    id: 'group_visits',
    unit: '批',
    window: 1,
    definition: `走访中，${groupSize}人及以上的批次。用于提示，不计分`,
    cohort: '按登记日期所在月份计入',
    query: {
      where: flag(all(`channel = 'visit'`, `group_size >= ${groupSize}`)),
      terms: counted(registered),
    },
    basis: { text: '《信访工作条例》第二十条：多人走访应推选代表，代表不超过5人', mark: '✔' },
    plausible: { min: 0, max: 50 },
  },
  {
    ...petition,
    ...ratio,
    ...contextOnly,
    code: 'X13',
    name: '信访参评率',
    id: 'petition_rated_share',
    window: 3,
    definition: '已办结的信访事项中，信访群众作了评价的占比。与X07一并看：参评少的，满意率不足为凭；不计分',
    cohort: '按办结日期所在月份计入',
    query: { terms: share(localDate('closed_at'), flag('isNotNull(satisfaction)')) },
    basis: { text: '信访“三率”中群众满意率以参评事项为分母；并列参评率为本系统建议', mark: '◐' },
  },
];
