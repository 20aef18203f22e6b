import { absolute, proposal } from './goalposts.js';
import { ratio, share } from './shapes.js';
import { flag, localDate } from './sql.js';
import type { Indicator } from './types.js';

const own = { ...ratio, dimension: 'mediation', direction: 1, window: 1 } as const;
const gridEvent = { ...own, recordType: 'mediation.grid_event', cohort: '按办理时限所在月份计入' } as const;
const due = localDate('due_at');
const occurred = localDate('occurred_at');

/** 社情 beside disputes: grids, hazards, visits. The number of reports is never scored. */
export const gridIndicators: readonly Indicator[] = [
  {
    ...gridEvent,
    code: 'S07',
    name: '网格事项办结率',
    id: 'grid_closed_rate',
    definition: '本月到期的网格事项中，已办结（含逾期办结）的占比',
    query: { terms: share(due, flag('isNotNull(closed_at)')) },
    weight: 10,
    goalposts: absolute(70, 90, 99),
    goalpostsBasis: proposal('70%得0分，90%得60分，99%得100分；有县公布网格事项办结率不低于90%'),
    basis: { text: '网格员“上报—交办—转办—办结”闭环的通行考核口径', mark: '◐' },
  },
  {
    ...gridEvent,
    code: 'S08',
    name: '网格事项按时办结率',
    id: 'grid_on_time_rate',
    definition: '本月到期的网格事项中，在办理时限前办结的占比；时限由县按事项难易确定',
    query: { terms: share(due, flag('closed_at <= due_at')) },
    weight: 10,
    goalposts: absolute(60, 85, 98),
    goalpostsBasis: proposal('无既定目标值：建议60%得0分，85%得60分，98%得100分'),
    basis: { text: '凤县：当日、2～3日、疑难7日、最长15日办结', mark: '✔' },
  },
  {
    ...own,
    code: 'S09',
    name: '网格有效覆盖率',
    id: 'grid_active_share',
    recordType: 'mediation.grid_month',
    definition: '网格月报（每个网格每月一份）中，有1件以上有效上报或已签认“零报告”的占比',
    cohort: '按月报所属月份计入',
    query: { terms: share(occurred, flag('valid_reports > 0 OR isNotNull(zero_report_at)')) },
    weight: 6,
    goalposts: absolute(70, 90, 100),
    goalpostsBasis: proposal('无既定目标值：建议70%得0分，90%得60分，100%得100分'),
    basis: proposal('“零报告”签认即视为有效，不鼓励凑报事项'),
  },
  {
    ...own,
    code: 'S10',
    name: '隐患整改率',
    id: 'hazard_fixed_on_time',
    recordType: 'mediation.hazard',
    definition: '本月到期的隐患中，在整改期限前已整改的占比',
    cohort: '按整改期限所在月份计入',
    query: { terms: share(due, flag('fixed_at <= due_at')) },
    weight: 6,
    goalposts: absolute(70, 90, 100),
    goalpostsBasis: proposal('无既定目标值：建议70%得0分，90%得60分，100%得100分'),
    basis: { text: '郏县双重预防、隐患整改的报道', mark: '◐' },
  },
  {
    ...own,
    code: 'S11',
    name: '重点人群走访落实率',
    id: 'key_group_visit_rate',
    recordType: 'mediation.key_group_visits',
    definition: '各部门汇总报送的重点人群走访中，完成人次 ÷ 计划人次；不登记个人',
    cohort: '按汇总所属月份计入',
    query: { terms: share(occurred, 'done', 'planned') },
    weight: 6,
    goalposts: absolute(70, 90, 100),
    goalpostsBasis: proposal('无既定目标值：建议70%得0分，90%得60分，100%得100分'),
    basis: { text: '《精神卫生法》第四条：患者身份保密，故只收各部门汇总数', mark: '✔' },
  },
];
