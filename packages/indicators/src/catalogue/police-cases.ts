import { classMean, classMeanBasis, fromPassMark, perUnit, proposal } from './goalposts.js';
import { fraudLoss, handledCase, repeatCallDays, seriousViolentSubCategories } from './limits.js';
import { harmIndicator, severityPart } from './severity.js';
import { count, counted, rate, ratio, share } from './shapes.js';
import { all, exact, flag, localDate, oneOf } from './sql.js';
import type { Indicator } from './types.js';

const incident = { dimension: 'police', recordType: 'police.incident', cohort: '按发生时间所在月份计入' } as const;
const occurred = localDate('occurred_at');

/** What is happening in an area: no targets for the police. */
export const policeCaseIndicators: readonly Indicator[] = [
  {
    ...incident,
    ...rate,
    code: 'P01',
    name: '违法犯罪警情万人率',
    id: 'crime_order_rate',
    window: 3,
    definition: '有效的刑事、治安警情起数 ÷ 常住人口（万人）÷ 月数。反映地区态势，不作为公安机关的考核目标',
    query: { where: flag(oneOf('category', ['criminal', 'public_order'])), terms: counted(occurred) },
    weight: 18,
    basis: { text: '浙江、惠州等地平安指数的“有效刑事警情”类指标', mark: '✔' },
    plausible: { min: 0, max: 100 },
  },
  {
    ...incident,
    ...rate,
    code: harmIndicator,
    name: '案件危害指数',
    id: 'harm_index',
    kind: 'weighted_rate',
    unit: '日/万人·月',
    window: 12,
    definition:
      '已受案或立案的刑事、治安案件，按类别乘以危害权重（日）求和 ÷ 常住人口（万人）÷ 月数。权重表见方案的 severity，' +
      '单起最高3650日；类别未列入权重表的，按“治安案件（类别未列）”或“刑事案件（类别未列）”计',
    query: {
      where: flag(all(oneOf('category', ['criminal', 'public_order']), handledCase)),
      part: severityPart,
      terms: counted(occurred),
    },
    weight: 16,
    basis: { text: '英国ONS犯罪危害评分、加拿大统计局犯罪严重指数的方法；权重为本系统建议', mark: '✔' },
    plausible: { min: 0, max: 20_000 },
  },
  {
    ...incident,
    ...count,
    code: 'P03',
    name: '八类严重暴力案件数',
    id: 'serious_violence_count',
    unit: '起',
    direction: -1,
    window: 12,
    definition: '近12个月已立案的故意杀人、重伤害、强奸、抢劫、贩毒、放火、爆炸、投毒案件数',
    query: {
      where: flag(all(oneOf('sub_category', seriousViolentSubCategories), `case_status = 'filed'`)),
      terms: counted(occurred),
    },
    weight: 10,
    goalposts: perUnit(15),
    goalpostsBasis: proposal('无案件得100分，每起扣15分，扣完为止'),
    basis: { text: '珠海、深圳平安指数采用；“八类”各地口径不一，以名单形式配置', mark: '✔' },
    plausible: { min: 0, max: 50 },
  },
  {
    ...incident,
    ...rate,
    code: 'P04',
    name: '可防性案件万人率',
    id: 'preventable_case_rate',
    window: 3,
    definition: '标记为可防性且已受案或立案的案件（入室盗窃、盗车、扒窃、抢夺、接触性诈骗等）÷ 常住人口（万人）÷ 月数',
    query: { where: flag(all('is_preventable', handledCase)), terms: counted(occurred) },
    weight: 10,
    basis: proposal('县级刑事治安案件分析研判以“可防性案件”为重点；统计口径为本系统建议'),
    plausible: { min: 0, max: 50 },
  },
  {
    ...incident,
    ...rate,
    code: 'P05',
    name: '电诈万人发案率',
    id: 'telecom_fraud_rate',
    window: 3,
    definition: '已受案或立案的电信网络诈骗案件数 ÷ 常住人口（万人）÷ 月数。反映地区态势，不作为公安机关的考核目标',
    query: { where: flag(fraudLoss.where), terms: counted(occurred) },
    weight: 10,
    basis: { text: '寻甸县、南京市高淳区公布电诈发案数与损失额', mark: '✔' },
    plausible: { min: 0, max: 30 },
  },
  {
    ...incident,
    ...rate,
    code: 'P06',
    name: '电诈万人损失额',
    id: 'fraud_loss_per_10k',
    kind: 'weighted_rate',
    unit: '元/万人·月',
    window: 12,
    definition:
      '已受案或立案的电信网络诈骗案件损失额 ÷ 常住人口（万人）÷ 月数。为使个别大案不左右全年，单起损失超过封顶值的按' +
      `封顶值计：封顶值为全县此前${fraudLoss.months}个月（不含案件当月）有损失的同类案件损失额由小到大第${fraudLoss.percent}%位` +
      `（件数×${fraudLoss.percent}%，进位取整）；此前${fraudLoss.months}个月不足${fraudLoss.minimumCases}起的不封顶；` +
      `单起超过${fraudLoss.limit / 1e8}亿元的视为录入有误，按${fraudLoss.limit / 1e8}亿元计`,
    query: {
      where: flag(fraudLoss.where),
      terms: counted(
        occurred,
        exact(`least(ifNull(loss_amount, 0), ifNull(fraud_loss_cap, ${fraudLoss.limit}), ${fraudLoss.limit})`),
      ),
    },
    weight: 5,
    basis: { text: '寻甸县、南京市高淳区公布电诈发案数与损失额；封顶办法为本系统建议', mark: '✔' },
    plausible: { min: 0, max: 500_000 },
  },
  {
    ...ratio,
    code: 'P07',
    name: '预警劝阻成功率',
    id: 'fraud_dissuasion_rate',
    dimension: 'police',
    recordType: 'police.fraud_warning',
    direction: 1,
    window: 3,
    definition: '反诈预警中，劝阻成功人数 ÷ 预警人数',
    cohort: '按预警日期所在月份计入',
    query: { terms: share(occurred, 'dissuaded', 'warned') },
    weight: 5,
    goalposts: fromPassMark(80, 98),
    goalpostsBasis: proposal('80%得60分，98%得100分；0分线按同一斜率延伸至53%；法律未定目标值'),
    basis: { text: '《反电信网络诈骗法》第三十四条：预警劝阻', mark: '✔' },
  },
  {
    ...incident,
    ...ratio,
    code: 'P08',
    name: '纠纷警情重复报警率',
    id: 'repeat_dispute_call_rate',
    direction: -1,
    window: 3,
    definition:
      `纠纷类警情中，此前${repeatCallDays}日以内已就同一事由报警的占比；同一事由指所指明的前次警情，及指明同一前次警情的` +
      '其他警情；不在库中的警情不算',
    query: {
      where: flag(`category = 'dispute'`),
      terms: share(
        occurred,
        flag(
          all(
            'prior_occurred_at <= occurred_at',
            `${occurred} <= ${localDate('prior_occurred_at')} + ${repeatCallDays}`,
          ),
        ),
      ),
    },
    weight: 8,
    goalposts: classMean,
    goalpostsBasis: classMeanBasis,
    basis: proposal('重复报警是民转刑的先兆；统计口径为本系统建议'),
    plausible: { min: 0, max: 60 },
  },
];
