import { hasIdCheckDigit, passesLuhn } from './digits.js';
import type { TextContext } from './kinds.js';

/**
 * Made-up texts to measure the finder on: forms of personal data, and innocent forms that look alike. Every number is drawn;
 * one seed, so that the table of the README can be made again.
 */
export interface CorpusRow {
  name: string;
  /** Share in percent that must be found at least, or may be at most. */
  bound: number;
  count: number;
  make: (draw: Draw) => { text: string; context?: TextContext };
}

export interface Draw {
  int: (from: number, to: number) => number;
  digits: (count: number) => string;
  pick: <T>(list: readonly T[]) => T;
}

export function drawOf(seed: number): Draw {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    int,
    digits: (count) => Array.from({ length: count }, () => int(0, 9)).join(''),
    pick: (list) => list[int(0, list.length - 1)]!,
  };
}

const DAY = 86_400_000;
const dayFrom = (draw: Draw, from: string, to: string): string =>
  new Date(draw.int(Date.parse(from) / DAY, Date.parse(to) / DAY) * DAY).toISOString().slice(0, 10);
const compact = (day: string) => day.replaceAll('-', '');

/** The record a text stands in: happened and was recorded in these days. */
const record = (draw: Draw, kind: 'id' | 'text' = 'text', county = '610222'): TextContext & { days: string[] } => {
  const day = dayFrom(draw, '2024-01-01', '2027-12-31');
  return { kind, county, days: [day, new Date(Date.parse(day) + draw.int(0, 20) * DAY).toISOString().slice(0, 10)] };
};

const places = ['610222', '610203', '410821', '540524', '110105', '330106', '513229', '650121', '440305', '621122'];
const idNumber = (draw: Draw, from = '1930-01-01', to = '2010-12-31'): string => {
  const body = `${draw.pick(places)}${compact(dayFrom(draw, from, to))}${draw.digits(3)}`;
  return [...'0123456789X'].map((check) => body + check).find(hasIdCheckDigit)!;
};
const mobileHeads = [
  '130',
  '133',
  '136',
  '138',
  '139',
  '147',
  '150',
  '153',
  '158',
  '166',
  '173',
  '177',
  '182',
  '187',
  '189',
  '191',
  '199',
];
const mobileNumber = (draw: Draw): string => draw.pick(mobileHeads) + draw.digits(8);
const grouped = (digits: string, sizes: readonly number[], separator: string): string => {
  const parts: string[] = [];
  let at = 0;
  for (const size of sizes) {
    parts.push(digits.slice(at, at + size));
    at += size;
  }
  return parts.join(separator);
};
const cardHeads: readonly [string, number][] = [
  ['622202', 19],
  ['622848', 19],
  ['621700', 19],
  ['621661', 19],
  ['622188', 19],
  ['622262', 19],
  ['622260', 17],
  ['622908', 18],
  ['622588', 16],
  ['621485', 16],
  ['622690', 16],
  ['622622', 16],
  ['625188', 16],
];
const cardNumber = (draw: Draw, [head, length] = draw.pick(cardHeads)): string => {
  const body = head + draw.digits(length - head.length - 1);
  return [...'0123456789'].map((check) => body + check).find(passesLuhn)!;
};

/** Common family and given names, combined by chance. */
const families =
  '王王王李李李张张张刘刘陈陈杨杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余';
const givens = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英建国华志红文玉春梅海燕云飞鹏宇欣怡子涵浩然雨泽';
const personName = (draw: Draw): string =>
  draw.pick([...families]) + draw.pick([...givens]) + (draw.int(0, 3) > 0 ? draw.pick([...givens]) : '');

const around = ['', '来电', '其号码', '已核 ', '回访', '当事方 '];
const after = ['', ' 未接', '反映噪声扰民', ',已告知', '。'];
const inText = (make: (draw: Draw) => string) => (draw: Draw) => ({
  text: `${draw.pick(around)}${make(draw)}${draw.pick(after)}`,
  context: record(draw),
});
const spread = (digits: string, between: string) => [...digits].join(between);
const chinese = (digits: string) => [...digits].map((d) => '零一二三四五六七八九'[Number(d)]).join('');
const plateProvinces = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
const plateHead = (draw: Draw) => draw.pick([...plateProvinces]) + draw.pick([...'ABCDEFGHJK']);
const plateTail = (draw: Draw) =>
  draw.pick([draw.digits(5), `${draw.pick([...'ABCDEFGH'])}${draw.digits(4)}`, `D${draw.digits(5)}`]);
const roles = ['报警人', '嫌疑人', '被害人', '死者', '反映人', '来电人', '户主', '甲方', '当事人', '信访人', '申请人'];

/** Forms of personal data: at least `bound` percent must be found. */
export const personal: readonly CorpusRow[] = [
  {
    name: '身份证号,作编号或在文字中,生于 1930 至 2010 年',
    bound: 99.9,
    count: 20_000,
    make: (d) => ({
      text: d.pick(['', '证件', '张三']) + idNumber(d),
      context: record(d, d.pick(['id', 'text'] as const)),
    }),
  },
  {
    name: '身份证号,以空格、连字符分段',
    bound: 99.9,
    count: 2_000,
    make: inText((d) =>
      grouped(
        idNumber(d),
        d.pick([
          [6, 8, 4],
          [6, 4, 4, 4],
          [3, 3, 4, 4, 4],
        ]),
        d.pick([' ', '-', '\u2011']),
      ),
    ),
  },
  { name: '身份证号,后接字母', bound: 99.9, count: 2_000, make: inText((d) => idNumber(d) + d.pick(['A', 'b', 'Z'])) },
  {
    name: '身份证号,校验位不符,有“身份证”字样',
    bound: 99.9,
    count: 2_000,
    make: inText((d) => `身份证${d.pick(['', '号', '号码:'])}${idNumber(d).slice(0, 17)}${d.int(0, 9)}`),
  },
  {
    name: '15 位身份证号,生于 1930 至 1985 年',
    bound: 99.9,
    count: 2_000,
    make: inText((d) => `${d.pick(places)}${compact(dayFrom(d, '1930-01-01', '1985-12-31')).slice(2)}${d.digits(3)}`),
  },
  {
    name: '打码的身份证号',
    bound: 99.9,
    count: 2_000,
    make: inText((d) => {
      const id = idNumber(d);
      const [head, tail] = d.pick([
        [6, 4],
        [3, 4],
        [10, 4],
        [4, 2],
      ] as const);
      return `${id.slice(0, head)}${d.pick(['*', '＊', '×']).repeat(18 - head - tail)}${id.slice(18 - tail)}`;
    }),
  },
  { name: '手机号,连写', bound: 99.9, count: 20_000, make: inText(mobileNumber) },
  {
    name: '手机号,作编号',
    bound: 98,
    count: 2_000,
    make: (d) => ({ text: d.pick(['', '张三', '李四-']) + mobileNumber(d), context: record(d, 'id') }),
  },
  {
    name: '手机号,+86、0086、(86)',
    bound: 99.9,
    count: 2_000,
    make: inText((d) => d.pick(['+86', '+86 ', '0086-', '(86)', '86']) + mobileNumber(d)),
  },
  {
    name: '手机号,3-4-4、3-3-5、4-4-3 分段,空格、点、斜线、下划线、各种横线',
    bound: 99.9,
    count: 5_000,
    make: inText((d) =>
      grouped(
        mobileNumber(d),
        d.pick([
          [3, 4, 4],
          [3, 3, 5],
          [4, 4, 3],
          [4, 3, 4],
        ]),
        d.pick([' ', '-', '.', '/', '_', '–', '—', ' - ', '·']),
      ),
    ),
  },
  { name: '手机号,每个数字之间有空格', bound: 99.9, count: 2_000, make: inText((d) => spread(mobileNumber(d), ' ')) },
  {
    name: '手机号,其中有零宽字符、软连字符',
    bound: 99.9,
    count: 2_000,
    make: inText((d) => {
      const n = mobileNumber(d);
      const at = d.int(1, 10);
      return n.slice(0, at) + d.pick(['\u200b', '\u00ad', '\u2060', '\ufeff', '\u200d']) + n.slice(at);
    }),
  },
  {
    name: '手机号,全角、带圈数字',
    bound: 99.9,
    count: 2_000,
    make: inText((d) =>
      [...mobileNumber(d)]
        .map((c) =>
          c === '0' || d.int(0, 1) === 0
            ? String.fromCharCode(c.charCodeAt(0) + 0xfee0)
            : String.fromCharCode(0x2460 + Number(c) - 1),
        )
        .join(''),
    ),
  },
  {
    name: '手机号,文字中前后有字母、下划线',
    bound: 99.9,
    count: 2_000,
    make: inText((d) => d.pick(['a', 'T', '_', 'tel_', '']) + mobileNumber(d) + d.pick(['x', '_', 'B'])),
  },
  {
    name: '手机号,汉字数字或夹写',
    bound: 99.9,
    count: 2_000,
    make: inText((d) => {
      const n = mobileNumber(d);
      const at = d.pick([0, 0, 3, 5]);
      return n.slice(0, at) + chinese(n.slice(at)).replaceAll('一', d.pick(['一', '幺']));
    }),
  },
  {
    name: '打码的手机号',
    bound: 99.9,
    count: 2_000,
    make: inText((d) => {
      const n = mobileNumber(d);
      return `${n.slice(0, 3)}****${n.slice(7)}`;
    }),
  },
  {
    name: '固定电话,区号-号码',
    bound: 99.9,
    count: 2_000,
    make: inText((d) =>
      d.pick([
        `0917${d.pick(['-', ' ', ''])}${d.int(2, 8)}${d.digits(6)}`,
        `(029)${d.int(2, 8)}${d.digits(7)}`,
        `010-${d.int(2, 8)}${d.digits(7)}`,
        `电话${d.pick(['', ':', '号码'])}${d.int(2, 8)}${d.digits(6)}`,
      ]),
    ),
  },
  { name: '银行卡号(16、17、18、19 位)', bound: 99, count: 5_000, make: inText((d) => cardNumber(d)) },
  {
    name: '银行卡号,四位一组',
    bound: 99.9,
    count: 2_000,
    make: inText((d) =>
      cardNumber(d, d.pick(cardHeads.filter(([, n]) => n !== 18))).replace(/(\d{4})(?=\d)/g, `$1${d.pick([' ', '-'])}`),
    ),
  },
  { name: '农行旧卡 95599', bound: 99.9, count: 2_000, make: inText((d) => `95599${d.digits(14)}`) },
  {
    name: '护照、通行证、军官证等,有证件名',
    bound: 99.9,
    count: 2_000,
    make: inText((d) =>
      d.pick([
        `护照E${d.pick(['', 'A'])}${d.digits(8)}`,
        `港澳通行证号码:C${d.digits(8)}`,
        `回乡证H${d.digits(10)}`,
        `台胞证${d.digits(8)}`,
        `军官证:南字第${d.digits(8)}号`,
        `士字第${d.digits(7)}号`,
      ]),
    ),
  },
  {
    name: '护照号,没有证件名',
    bound: 99.9,
    count: 2_000,
    make: inText((d) => d.pick([`E${d.digits(8)}`, `G${d.digits(8)}`, `EB${d.digits(7)}`])),
  },
  {
    name: '车牌号,大小写,各种间隔',
    bound: 99.9,
    count: 5_000,
    make: inText((d) => {
      const [head, tail] = [plateHead(d), plateTail(d)];
      const text = head + d.pick(['', '·', '-', ' ', '•']) + tail;
      return d.pick([text, text.toLowerCase()]);
    }),
  },
  {
    name: '武警、使馆、领馆车牌',
    bound: 99.9,
    count: 2_000,
    make: inText((d) =>
      d.pick([`WJ陕${d.digits(4)}X`, `wj京·${d.digits(5)}`, ` 使${d.digits(6)}`, `沪A·${d.digits(4)}领`]),
    ),
  },
  {
    name: '微信、QQ、抖音等账号',
    bound: 99.9,
    count: 2_000,
    make: inText((d) =>
      d.pick([
        `微信号 zhang${d.digits(4)}`,
        `微信:lihua_${d.digits(3)}`,
        `加微信abc${d.digits(5)}`,
        `wxid_${d.digits(8)}ab`,
        `QQ: ${d.int(1, 9)}${d.digits(8)}`,
        `QQ${d.int(1, 9)}${d.digits(6)}`,
        `抖音号:dy${d.digits(6)}`,
      ]),
    ),
  },
  {
    name: '电子邮箱',
    bound: 99.9,
    count: 2_000,
    make: inText((d) => `${d.pick(['a', 'li.si', 'w_w'])}${d.digits(2)}@${d.pick(['b.cn', 'mail.com.cn', 'qq.com'])}`),
  },
  {
    name: '姓名,有称谓与冒号',
    bound: 99.9,
    count: 2_000,
    make: inText((d) => `${d.pick([...roles, '姓名'])}${d.pick([':', ':', ': '])}${personName(d)}`),
  },
  {
    name: '姓名,称谓后直接书写',
    bound: 95,
    count: 5_000,
    make: (d) => ({
      text:
        d.pick(['', '今日,', '据']) +
        d.pick(roles) +
        personName(d) +
        d.pick(['', '称被骗', '报警', '在家中', ',男', '的电动车被盗', '和邻居争吵']),
    }),
  },
  {
    name: '住址,有“住址”“家住”字样',
    bound: 99.9,
    count: 2_000,
    make: inText((d) =>
      d.pick([
        `家庭住址:彭镇王村`,
        `住址:城关${d.int(1, 99)}号`,
        `家住幸福路${d.int(1, 99)}号`,
        `地址:建设街${d.int(1, 99)}号`,
      ]),
    ),
  },
  {
    name: '门牌、楼栋、单元,没有字样',
    bound: 99.9,
    count: 2_000,
    make: inText((d) =>
      d.pick([
        `人民路${d.int(1, 999)}号`,
        `小区${d.int(1, 30)}号楼${d.int(1, 6)}单元`,
        `金色家园${d.int(1, 30)}栋`,
        `${d.int(1, 30)}号楼${d.int(1, 6)}单元${d.int(101, 1802)}室`,
        `王村三组${d.int(1, 200)}号`,
        `向阳巷${d.int(1, 99)}号`,
      ]),
    ),
  },
];

const caseId = (make: (draw: Draw, day: string) => string, county?: string) => (draw: Draw) => {
  const context = record(draw, 'id', county);
  return { text: make(draw, context.days[0]!), context };
};
const sequence = (draw: Draw, width: number) => String(draw.int(1, 9_999)).padStart(width, '0');
const sentence = (make: (draw: Draw) => string) => (draw: Draw) => ({ text: make(draw), context: record(draw) });

/** Innocent forms: at most `bound` percent may be found. */
export const innocent: readonly CorpusRow[] = [
  {
    name: '编号:县代码 + 年月日 + 4 位序号(18 位)',
    bound: 0.1,
    count: 40_000,
    make: caseId((d, day) => `610222${compact(day)}${sequence(d, 4)}`),
  },
  {
    name: '同上,五年以内的旧案',
    bound: 0.1,
    count: 20_000,
    make: (d) => {
      const context = record(d, 'id');
      const back = new Date(Date.parse(context.days[0]!) - d.int(0, 5 * 365) * DAY).toISOString().slice(0, 10);
      return { text: `610222${compact(back)}${sequence(d, 4)}`, context };
    },
  },
  {
    name: '同上,引用十年以内的旧案',
    bound: 0.1,
    count: 20_000,
    make: (d) => {
      const context = { ...record(d, 'id'), reference: true };
      const back = new Date(Date.parse(context.days[0]!) - d.int(0, 3650) * DAY).toISOString().slice(0, 10);
      return { text: `610222${compact(back)}${sequence(d, 4)}`, context };
    },
  },
  {
    name: '同上,别县代码,当月',
    bound: 0.1,
    count: 20_000,
    make: caseId((d, day) => `${d.pick(places)}${compact(day)}${sequence(d, 4)}`),
  },
  {
    name: '同上,在文字中引用,当月',
    bound: 0.1,
    count: 20_000,
    make: (d) => {
      const context = record(d);
      return { text: `与610222${compact(context.days[0]!)}${sequence(d, 4)}号并案`, context };
    },
  },
  {
    name: '编号:621122 起的 18 位(县代码 + 年月日两位年 + 6 位)',
    bound: 0.1,
    count: 20_000,
    make: caseId((d, day) => `621122${compact(day).slice(2)}${d.digits(6)}`, '621122'),
  },
  { name: '编号:621122 起的 16 位', bound: 0.1, count: 20_000, make: caseId((d) => `621122${d.digits(10)}`, '621122') },
  { name: '编号:62 起的 16 位,与县代码无关', bound: 0.1, count: 20_000, make: caseId((d) => `62${d.digits(14)}`) },
  { name: '编号:62 起的 18 位,与县代码无关', bound: 0.1, count: 20_000, make: caseId((d) => `62${d.digits(16)}`) },
  { name: '编号:随机 16 位', bound: 0.1, count: 20_000, make: caseId((d) => `${d.int(1, 9)}${d.digits(15)}`) },
  { name: '编号:随机 18 位', bound: 0.1, count: 20_000, make: caseId((d) => `${d.int(1, 9)}${d.digits(17)}`) },
  {
    name: '编号:县代码 + 年月日两位年 + 3 位序号(15 位)',
    bound: 0.1,
    count: 20_000,
    make: caseId((d, day) => `610222${compact(day).slice(2)}${d.digits(3)}`),
  },
  { name: '编号:随机 15 位', bound: 0.1, count: 20_000, make: caseId((d) => `${d.int(1, 9)}${d.digits(14)}`) },
  {
    name: '编号:年月日时分秒、毫秒',
    bound: 0.1,
    count: 20_000,
    make: caseId((d, day) =>
      d.pick([
        `${compact(day)}${d.digits(6)}`,
        String(Date.parse(day) + d.int(0, DAY)),
        `JQ${compact(day)}${d.digits(6)}`,
      ]),
    ),
  },
  {
    name: '编号:前缀-年月日-序号',
    bound: 0.1,
    count: 20_000,
    make: caseId(
      (d, day) =>
        `${d.pick(['JQ', 'XF', 'MD', '警', 'T'])}${d.pick(['-', '', '_', '.'])}${d.pick([compact(day), day])}-${sequence(d, 5)}`,
    ),
  },
  {
    name: '编号:前缀 + 13 至 19 起的 11 位',
    bound: 0.1,
    count: 20_000,
    make: caseId((d) => `${d.pick(['JQ', 'A', 'No'])}1${d.int(3, 9)}${d.digits(9)}`),
  },
  {
    name: '编号:13 至 19 起的 11 位流水号,映射写明 serial',
    bound: 0.1,
    count: 20_000,
    make: (d) => ({ text: `1${d.int(3, 9)}${d.digits(9)}`, context: { ...record(d, 'id'), serial: true } }),
  },
  {
    name: '编号:13 至 19 起的 11 位流水号,没有写明',
    bound: 100,
    count: 2_000,
    make: caseId((d) => `1${d.int(3, 9)}${d.digits(9)}`),
  },
  {
    name: '编号:月日-7 位序号',
    bound: 0.1,
    count: 2_000,
    make: caseId((d, day) => `${compact(day).slice(4)}-${d.int(1, 9)}${d.digits(6)}`),
  },
  {
    name: '编号:UUID、十六进制摘要',
    bound: 0.1,
    count: 5_000,
    make: caseId((d) => Array.from({ length: 32 }, () => d.pick([...'0123456789abcdef'])).join('')),
  },
  {
    name: '文号,如 陕警〔2026〕12号',
    bound: 0.1,
    count: 2_000,
    make: caseId((d, day) => `陕${d.pick(['警', '信', '调', '政'])}〔${day.slice(0, 4)}〕${d.int(1, 999)}号`),
  },
  {
    name: '日期、时刻、数额、里程',
    bound: 0.1,
    count: 5_000,
    make: sentence((d) =>
      d.pick([
        `2026-10-${d.int(10, 28)} 1${d.int(0, 9)}:${d.int(10, 59)}接报`,
        `10-13 2026-10-14 ${d.int(10, 19)}时`,
        `损失${d.digits(6)}.${d.digits(2)}元`,
        `致使${d.digits(6)}元损失`,
        `经度108.${d.digits(6)},纬度35.${d.digits(6)}`,
        `涉及一千三百八十${chinese(d.digits(1))}户`,
      ]),
    ),
  },
  {
    name: '道路、桥、井,如 豫S23456省道、310国道12号桥',
    bound: 0.1,
    count: 5_000,
    make: sentence((d) =>
      d.pick([
        `${plateHead(d)}${d.digits(5)}省道`,
        `310国道${d.int(1, 99)}号桥`,
        `人民路${d.int(1, 99)}号井`,
        `铁路${d.int(1, 99)}号桥`,
        `${d.int(1, 20)}号线`,
        `三号楼前`,
        `G${d.int(1, 9)}${d.digits(3)}高速`,
      ]),
    ),
  },
  {
    name: '没有姓名的栏目,如 联系人:无、申请人:某公司',
    bound: 0.1,
    count: 5_000,
    make: sentence(
      (d) =>
        `${d.pick([...roles, '联系人', '姓名'])}${d.pick([':', ':', ': '])}${d.pick(['无', '不详', '某公司', '未知', '匿名', '宜君县建筑公司', '彭镇派出所', '王村村委会', '3人', '张某', '李某某', '-', '***'])}`,
    ),
  },
  {
    name: '称谓后的句子,如 报警人称其、当事人陈述',
    bound: 0.1,
    count: 10_000,
    make: sentence(
      (d) =>
        d.pick(roles) +
        d.pick([
          '称其电动车被盗',
          '陈述称系邻里纠纷',
          '已和解',
          '于昨日到场',
          '和邻居发生争吵',
          '曾多次来访',
          '周某某已到案',
          '李某称被打',
          '家属到场',
          '方面表示同意',
          '何时离开不明',
          '高度近视',
          '张贴告示',
          '管理不善',
          '任意停车',
          '马上离开',
          '申请调解',
          '黄金被盗',
          '程度较轻',
          '王氏兄弟',
          '许可后离开',
          '费用未付',
          '石头砸车',
          '毕业证遗失',
          '对处理结果满意',
          '身份不明',
          '在李家村的田地里',
          '住王家庄',
          '系外地人',
          '要求赔偿',
          '到派出所',
          '孙子走失',
          '白天外出',
          '夏季用水困难',
          '岳父到场',
        ]),
    ),
  },
  {
    name: '类别、部门、网格名称',
    bound: 0.1,
    count: 5_000,
    make: sentence((d) =>
      d.pick([
        '盗窃',
        '邻里纠纷',
        '宅基地纠纷',
        '县公安局',
        '城关派出所',
        '彭镇人民调解委员会',
        '王村第三网格',
        '电信网络诈骗',
        '道路交通',
        '噪声扰民',
        '12345热线',
        '110指挥中心',
        'Violence and sexual offences',
        'Larceny/Shoplifting',
        '微信诈骗',
        'QQ盗号',
        '冒充客服',
        '住房公积金',
        '路灯不亮',
        '3号网格',
        '李家村二组',
        '张家沟',
        '刘庄村委会',
      ]),
    ),
  },
];
