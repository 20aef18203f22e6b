import type { OfficeAlert } from './types.js';

/** Counties whose data are made up wake nobody. */
const real = 'NOT u.is_demo';

// Columns are named with their view: an alias of the same name would take their place.
const unit =
  'u.county_name AS county, u.county AS code, u.month AS month, u.unit_name AS unit, u.region_code AS region';

const link = '见「乡镇画像」。';

export const officeAlerts: readonly OfficeAlert[] = [
  {
    uid: 'pingan-new-red',
    title: '新增红色乡镇',
    description: `{{ .Labels.county }}{{ .Labels.unit }} {{ .Labels.month }} 转入「{{ .Labels.band }}」等级，得分 {{ printf "%.1f" .Values.A.Value }}。${link}`,
    sql: `SELECT ${unit}, u.worst_name AS band, assumeNotNull(u.score) AS value FROM v_unit_alerts AS u
      WHERE ${real} AND u.is_worst_band AND u.band_months = 1 AND u.score IS NOT NULL ORDER BY code, region LIMIT 1000`,
    runbook: {
      command: 'pingan explain --county <县代码> --month <月份> --region <乡镇>',
      zh: '先看名次区间和「不可区分」的单位：小乡镇一个月的红色可能只是偶然。再看拉低得分的指标和红线扣分是否属实，最后看是否有漏报、迟报。',
      en: 'First the interval of its rank and the units it cannot be told from: one red month of a small township may be chance. Then whether the indicators and deductions that cost most are true, then whether records are late or missing.',
    },
  },
  {
    uid: 'pingan-red-three-months',
    title: '连续三个月红色',
    description: `{{ .Labels.county }}{{ .Labels.unit }} 到 {{ .Labels.month }} 已连续 {{ printf "%.0f" .Values.A.Value }} 个月在「{{ .Labels.band }}」等级。${link}`,
    sql: `SELECT ${unit}, u.worst_name AS band, toFloat64(assumeNotNull(u.band_months)) AS value FROM v_unit_alerts AS u
      WHERE ${real} AND u.is_worst_band AND u.band_months >= 3 ORDER BY code, region LIMIT 1000`,
    runbook: {
      command: 'pingan changes --county <县代码> --month <月份> --region <乡镇>',
      zh: '三个月不是偶然。看每个月是同一个指标拖累还是各不相同，对照上次督办事项是否落实，按通报程序提请约谈或挂牌整治。',
      en: 'Three months are no chance. See whether the same indicator cost the points each month, whether what was ordered last time was done, and propose the next step of the procedure.',
    },
  },
  {
    uid: 'pingan-dispute-death',
    title: '民转刑致死',
    description:
      '{{ .Labels.county }}{{ .Labels.unit }} {{ .Labels.day }} 发生由矛盾纠纷转化的案件，死亡 {{ printf "%.0f" .Values.A.Value }} 人。',
    sql: `SELECT u.county_name AS county, u.county AS code, u.unit_name AS unit, u.region_code AS region, toString(u.day) AS day,
        toFloat64(sum(u.deaths)) AS value
      FROM v_dispute_deaths AS u WHERE ${real} AND u.known_at > now() - INTERVAL 7 DAY
      GROUP BY u.county_name, u.county, u.unit_name, u.region_code, u.day ORDER BY code, region, day LIMIT 1000`,
    runbook: {
      command: 'pingan status',
      zh: '先核对数据是否新鲜、案件是否属实（向公安核实），再按个案倒查程序查这起纠纷事前是否登记、预警、回访。本系统只给出日期和地点，不含当事人信息。报警持续七天。',
      en: 'First whether the data are fresh and the case is true (ask the police), then by the procedure for such cases whether the dispute was registered, warned of and followed up. Only day and place are told here, nothing about persons. The alert stays for seven days.',
    },
  },
  {
    uid: 'pingan-score-moved',
    title: '得分变动超出区间',
    description: `{{ .Labels.county }}{{ .Labels.unit }} {{ .Labels.month }} 得分由 {{ .Labels.before }} 变为 {{ .Labels.after }}，超出偶然波动的范围。${link}`,
    sql: `SELECT ${unit}, toString(round(assumeNotNull(u.score_before), 1)) AS before,
        toString(round(assumeNotNull(u.score), 1)) AS after, abs(assumeNotNull(u.score_change)) AS value
      FROM v_unit_alerts AS u WHERE ${real} AND u.is_beyond ORDER BY code, region LIMIT 1000`,
    runbook: {
      command: 'pingan changes --county <县代码> --month <月份> --region <乡镇>',
      zh: '本月得分在上月的九成区间之外，上月得分也在本月的区间之外。看变动来自案件数、分母、指标目标还是扣分；换方案、改人口数引起的不是工作变化。',
      en: "This month's score lies outside last month's 90 % interval and the other way round. See whether cases, denominators, targets or deductions moved it; a new scheme or population figure is no change of work.",
    },
  },
];
