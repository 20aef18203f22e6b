import type { Basis } from '../catalogue/index.js';

/** Something that may be shown at most: rewarding or punishing its size bends how it is recorded. */
export interface ForbiddenTarget {
  /** Chinese name, as the refusal prints it. */
  name: string;
  /** What people write for it: codes of the catalogue, English ids, Chinese names. */
  variants: readonly string[];
  /** Chinese; completes “因为……”. */
  why: string;
  source: Basis;
}

const policeTargets: Basis = {
  text: '河南省公安厅2013年通知不得对发案数、破案率、刑拘数、退查率等下指标、排名通报',
  mark: '◐',
};
const justiceTargets: Basis = {
  text: '中央政法委2015年要求取消刑事拘留数、批捕率、起诉率、有罪判决率、结案率等考核项目',
  mark: '◐',
};
const petitionRule: Basis = {
  text: '《信访工作条例》第三十九条以依规依法及时就地解决信访问题为考核标准',
  mark: '✔',
};
const petitionRanking: Basis = { text: '国家信访局2013年起不再对各地非正常上访人次排名通报', mark: '◐' };
const grassroots: Basis = {
  text: '《整治形式主义为基层减负若干规定》（2024年）限制对基层的考核、报表和上报',
  mark: '◐',
};
const own = (text: string): Basis => ({ text, mark: 'proposal' });

/** What no scheme may weigh. */
export const forbiddenTargets: readonly ForbiddenTarget[] = [
  {
    name: '刑拘数',
    variants: ['刑拘', '刑事拘留', '拘留数', 'criminal_detention_count', 'detention_count'],
    why: '下达刑拘指标会诱发为凑数而拘人',
    source: justiceTargets,
  },
  {
    name: '批捕率',
    variants: ['批捕', '批准逮捕', '逮捕率', 'arrest_approval_rate'],
    why: '批捕应由证据决定，不应由指标决定',
    source: justiceTargets,
  },
  {
    name: '起诉率',
    variants: ['起诉率', '起诉数', 'prosecution_rate'],
    why: '起诉应由证据决定，不应由指标决定',
    source: justiceTargets,
  },
  {
    name: '退查率',
    variants: ['退查', '退回补充侦查', 'returned_case_rate'],
    why: '会使应当退回补充侦查的案件不退',
    source: policeTargets,
  },
  {
    name: '有罪判决率',
    variants: ['有罪判决', '定罪率', 'conviction_rate'],
    why: '妨碍依法独立审判和疑罪从无',
    source: justiceTargets,
  },
  {
    name: '破案率',
    variants: ['破案', 'clearance_rate', 'case_clearance_rate', 'detection_rate'],
    why: '会诱发不破不立、立案不实',
    source: policeTargets,
  },
  {
    name: '发案数（警情总量）作为考核目标',
    variants: [
      '发案数',
      '发案总数',
      '立案数',
      '立案总数',
      '接警量',
      '接警数',
      '警情数',
      '警情量',
      '警情总量',
      'incident_count',
      'police_incident_count',
      'crime_count',
    ],
    why: '以起数作目标会诱发压案不立；地区态势用万人率（P01、P04、P05）反映，不是公安机关的考核目标',
    source: policeTargets,
  },
  {
    name: '有效警情率',
    variants: ['P13', '有效警情率', 'valid_incident_rate', 'valid_call_rate'],
    why: '用来发现接警登记异常，计分会使登记失真',
    source: own('记录质量的核对项，本系统只展示'),
  },
  {
    name: '治安刑事比',
    variants: ['P14', '治安/刑事比', '治安刑事比', 'public_order_criminal_ratio'],
    why: '用来发现案件降格登记，计分会诱发降格',
    source: own('记录质量的核对项，本系统只展示'),
  },
  {
    name: '非正常上访人次',
    variants: ['非访', '非正常上访', '进京访', '赴省进京', 'abnormal_petition_count'],
    why: '按人次排名会诱发截访、销号',
    source: petitionRanking,
  },
  {
    name: '信访总量',
    variants: [
      'X11',
      '信访总量',
      '信访量',
      '信访件数',
      '信访数',
      '上访数',
      '上访量',
      'petition_volume',
      'petition_rate',
      'petition_count',
    ],
    why: '按数量计分会诱发压访、截访；应考核受理、办结是否及时和问题是否解决',
    source: petitionRule,
  },
  {
    name: '集体访批次',
    variants: ['X12', '集体访', '集体上访', 'group_petition_count', 'group_visits'],
    why: '只用于提醒，按批次计分会诱发截访',
    source: petitionRule,
  },
  {
    name: '网格员上报数',
    variants: ['上报数', '上报量', '人均上报', '网格上报', 'reports_per_grid_worker', 'grid_report_count'],
    why: '按上报数量计分会诱发凑数、拆分事项，增加基层负担',
    source: grassroots,
  },
  {
    name: '签到打卡数',
    variants: ['C08', '签到', '打卡', '巡防次数', 'patrol_count'],
    why: '按次数计分会诱发凑数，增加基层负担',
    source: grassroots,
  },
  {
    name: '正面发帖数',
    variants: ['正面发帖', '正面帖', '正面舆情数', '正面宣传数', 'positive_post_count'],
    why: '可以刷帖取得，不反映社会安全状况',
    source: own('易被操纵的数量指标'),
  },
  {
    name: '涉县声量、净情感',
    variants: ['O06', '声量', '净情感', 'opinion_volume', 'net_sentiment'],
    why: '可以刷帖改变，不反映社会安全状况',
    source: own('易被操纵的数量指标'),
  },
  {
    name: '酒驾醉驾查处数',
    variants: ['酒驾', '醉驾', 'drink_drive_arrests', 'drink_driving_count'],
    why: '反映查处力度而非安全状况，下指标会诱发选择性执法；可用道路交通伤亡事故（P11）',
    source: own('执法数量不作考核目标'),
  },
  {
    name: '以奖代补发放额',
    variants: ['以奖代补', '以案定补', '补贴金额', '补贴发放', 'subsidy_spent'],
    why: '花钱多少不是成效，计分会诱发拆案领补',
    source: own('投入不作成效'),
  },
  {
    name: '对接转办成功率',
    variants: ['S12', '对接转办', 'docking_success_rate'],
    why: '各渠道转来的事项难易不同，单位之间不可比',
    source: own('本系统只展示'),
  },
  {
    name: '纠纷万人发生率',
    variants: ['S13', '纠纷发生率', '纠纷万人发生率', '纠纷数', '纠纷总量', 'dispute_rate', 'dispute_count'],
    why: '排查得多不等于差，按数量计分会诱发不报',
    source: own('本系统只展示'),
  },
];

/** Spelling that does not matter: width, case, spaces, and signs between words. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-/·、]+/g, '');

const chinese = /\p{Script=Han}/u;

const entries = forbiddenTargets.flatMap((target) =>
  [target.name, ...target.variants].map((variant) => ({
    target,
    variant: plain(variant),
    part: chinese.test(variant),
  })),
);

/** The forbidden target that a code or name means; a Chinese name also when more stands around it (“全县破案率”). */
export function forbiddenTarget(text: string): ForbiddenTarget | undefined {
  const wanted = plain(text);
  return entries.find(({ variant, part }) => (part ? wanted.includes(variant) : wanted === variant))?.target;
}

const markTexts: Record<Basis['mark'], string> = {
  '✔': '见原文',
  '◐': '见转载',
  '✘': '未核实',
  proposal: '本系统建议',
};

/** Why a weight is refused, with its source. */
export function refusalOf({ name, why, source }: ForbiddenTarget): string {
  return `“${name}”不得计分，权重只能为 0：${why}（依据：${source.text}；${markTexts[source.mark]}）`;
}
