/** Keys of a scheme document in Chinese, by their path; entries of lists have no number. For who reads a scheme without a manual. */
export const schemeComments: Readonly<Record<string, string>> = {
  name: '方案名称',
  dimensions:
    '维度和指标。权重只看同级之间的比例；window 是统计期（月数，或 ytd 本年累计）；goalposts 是得 0、60、100 分的指标值',
  bands: '等次，由高到低；min 是下限，最后一个须为 0',
  missing: '缺数',
  'missing.max_share': '缺的权重超过这个份额，就不出分（0.3 即三成）',
  tie: '并列',
  'tie.decimals': '总分按几位小数比较，相同的并列',
  baseline: '同类均值（class_mean）',
  'baseline.months': '取以前多少个月的同类均值',
  'baseline.min_months': '不足这么多个月就不计分',
  shrinkage: '小数量修正：件数少的单位向同类靠拢，名次附区间',
  'shrinkage.method': 'none 不修正；empirical_bayes 修正',
  'shrinkage.min_class': '同类单位不足这么多个，改用全县',
  trend: '与本单位以往相比',
  'trend.share': '进步退步占一项得分的份额，0 为不计',
  deductions: '红线扣分',
  'deductions.cap': '一个月最多扣多少分',
  'deductions.rules':
    '扣分规则。kind：veto 一票否决，deaths 按死亡人数（min 至 max），count 按件数（free 件以内不扣）；doubled_in 是加倍扣分的时段',
  hysteresis: '等级稳定：刚过界线的不马上变色',
  'hysteresis.points': '超过界线这么多分，当月就变；0 为不用这条规则',
  'hysteresis.months': '不到的，连续这么多个月才变',
  peer_ranks: '是否另排同类单位中的名次',
  severity: 'P02 各类案件的危害天数；没写的用目录的',
};
