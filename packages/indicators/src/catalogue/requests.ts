import { absolute, fromPassMark, proposal } from './goalposts.js';
import { ratio, share } from './shapes.js';
import { all, flag, localDate } from './sql.js';
import type { Indicator } from './types.js';

const due = 'coalesce(extended_to, due_at)';
const closed = localDate('closed_at');

/** 民情 beside petitions: the 12345 hotline, 意见建议. */
export const requestIndicators: readonly Indicator[] = [
  {
    ...ratio,
    code: 'X08',
    name: '12345按时办结率',
    id: 'hotline_on_time',
    dimension: 'petition',
    recordType: 'hotline.order',
    direction: 1,
    window: 1,
    definition: '本月到期的12345工单中，在办理时限（经延期的为延期后时限）前办结的占比；无时限的工单不计',
    cohort: '按办理时限所在月份计入',
    query: { where: flag('isNotNull(due_at)'), terms: share(localDate(due), flag(`closed_at <= ${due}`)) },
    weight: 6,
    goalposts: fromPassMark(90, 99.5),
    goalpostsBasis: proposal('90%得60分，99.5%得100分；0分线按同一斜率延伸至75.75%'),
    basis: { text: '多地12345热线月度通报均公布按时办结率，常见值96%～100%', mark: '✔' },
  },
  {
    ...ratio,
    code: 'X09',
    name: '12345满意/解决率',
    id: 'hotline_resolved',
    dimension: 'petition',
    recordType: 'hotline.order',
    direction: 1,
    window: 1,
    definition: '已回访（有解决或满意结果）的12345工单中，已解决且满意的占比；回访只问一项的，以所问一项为准',
    cohort: '按办结日期所在月份计入',
    query: {
      where: flag('isNotNull(resolved) OR isNotNull(satisfaction)'),
      terms: share(closed, flag(all('ifNull(resolved, 1)', `ifNull(satisfaction = 'satisfied', 1)`))),
    },
    weight: 6,
    goalposts: fromPassMark(85, 98),
    goalpostsBasis: proposal('85%得60分，98%得100分；0分线按同一斜率延伸至65.5%；有市以85%为底线'),
    basis: { text: '多地12345热线通报公布满意率，常见值94%～99%', mark: '✔' },
  },
  {
    ...ratio,
    code: 'X10',
    name: '意见建议销号率',
    id: 'suggestion_closed_rate',
    dimension: 'petition',
    recordType: 'petition.suggestion',
    level: 'department',
    direction: 1,
    window: 3,
    definition: '到期的意见建议中，在办理时限（经延期的为延期后时限）前销号的占比',
    cohort: '按办理时限所在月份计入',
    query: { terms: share(localDate(due), flag(`closed_at <= ${due}`)) },
    weight: 4,
    goalposts: absolute(70, 90, 100),
    goalpostsBasis: proposal('无既定目标值：建议70%得0分，90%得60分，100%得100分'),
    basis: { text: '修武、宜君等县意见建议清单化“销号”的报道（修武95.1%）', mark: '◐' },
  },
];
