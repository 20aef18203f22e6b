import type { PersonalData, TextContext } from './kinds.js';

const document =
  /(?:护照|通行证|回乡证|台胞证|居留证|居住证|军官证|士兵证|军人证|警官证|学员证|驾驶证|证件)(?:号码?|编号|为|是|[: (])*(?:[A-Z]{1,3}\d{6,12}|\d{8,12})(?![0-9A-Za-z])/i;
const passport = /(?<![0-9A-Za-z])(?:E[A-HJ-NP-Z]\d{7}|[EG]\d{8})(?![0-9A-Za-z])/;
const military = /(?:[军兵士武]|(?<![\u4e00-\u9fff])[文职警空海参政后装广南北沈兰济成])字第\s?\d{6,8}(?!\d)/;

const plateProvince = '[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]';
const plate = new RegExp(
  `${plateProvince}[A-HJ-NP-Z][-·•. ]{0,2}(?=[A-Z]{0,2}\\d)[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![0-9A-Za-z])(?! ?(?:省道|国道|县道|乡道|线|公路|高速))`,
  'i',
);
const policePlate = new RegExp(`(?<![0-9A-Za-z])WJ[-· ]?${plateProvince}[-· ]?\\d{4}[0-9A-Z](?![0-9A-Za-z])`, 'i');
const embassyPlate =
  /(?<![致促即迫行大驱唆指支假役])使 ?\d{3}[-·. ]?\d{3}(?!\d)(?! ?[元余多人名户亩万个次件平公吨斤])(?![,.]\d)|(?<![0-9A-Za-z])\d{6}使(?![用得其人者])/;
const consulPlate = new RegExp(`${plateProvince}[A-HJ-NP-Z][-·. ]?\\d{4}领`, 'i');

const email = /(?<![\w.%+-])[\w.%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.[A-Za-z]{2,}/;
const qq = /(?<![A-Za-z])QQ(?:号码?|群号?|账号)? ?[:是为]? ?[1-9]\d{4,11}(?!\d)/i;
const account = '[A-Za-z][-_A-Za-z0-9]{5,19}(?![A-Za-z0-9])';
const wechat = new RegExp(
  `(?:微信|薇信|V信)(?:(?:号码?|ID|账号)[:是为 ]*|[:是为]+ ?)${account}|(?:微信|薇信|V信) ?(?=[A-Za-z]*[-_\\d])${account}|(?<![A-Za-z0-9])wxid_[a-z0-9]{6,}`,
  'i',
);
const latinWechat = new RegExp(`(?<![A-Za-z])(?:wechat|weixin|vx|wx) ?[:号] ?${account}`, 'i');
const platform = /(?:抖音|快手|微博|小红书|支付宝|陌陌)(?:号码?|账号|帐号|ID)[:是为 ]*[A-Za-z0-9_.-]{5,}/i;

/** Doors: finer than any area the index knows. Roads of other kinds have kilometres, wells and bridges with numbers. */
const notDoor = '(?![-\\d]|[线桥井杆塔泵墩洞沟渠站台令文件案])';
const doors: readonly RegExp[] = [
  new RegExp(`(?<![铁公线道网电管支])(?:路|大街|街|巷|胡同|大道|弄|里弄)(?:[东南西北中]段)? ?\\d{1,5}号${notDoor}`),
  /\d{1,3}(?:号楼|栋|幢|座)[- ]?(?:[一二三四五六七八九十]|\d{1,2})?(?:单元)?[- ]?\d{1,4}(?:室|户|号房?)/,
  /(?:\d{1,3}|[A-Z])(?:号楼|栋|幢|座)[- ]?(?:[一二三四五六七八九十]|\d{1,2})(?:单元|楼)/,
  new RegExp(`(?:[一二三四五六七八九十]|\\d)[组队社] ?\\d{1,4}号${notDoor}`),
  /(?:小区|花园|家园|公寓|庄园|新村|苑) ?\d{1,3}(?:号楼|栋|幢)/,
];
const noValue =
  '(?:无|没有|不详|不明|未知|不知|匿名|略|空|保密|待|同上|见附|未留|未填|未提供|未登记|未记录|暂缺|某|[*xX×○/—-])';
const homeLabel = new RegExp(`(?:家庭住址|现住址|住址|住所|家庭地址) ?: ?(?!${noValue})[^ ]`);
const placeLabel =
  /(?:地址|户籍地|户籍所在地|居住地|家住|住在)[:为是 ]*[^,;。]{0,24}?(?:\d{1,5}|[一二三四五六七八九十]+)(?:号|室|栋|幢|单元|组|户)/;

const roles =
  '(?:姓名|名字|报警人|当事人|联系人|信访人|上访人|来访人|申请人|嫌疑人|被害人|受害人|死者|伤者|失踪人|失踪人员|反映人|来电人|投诉人|举报人|户主|业主|原告|被告|甲方|乙方|委托人|监护人|法定代表人|肇事者|驾驶人|司机|村民|居民|患者|调解员|网格员|违法行为人)';
const organisation =
  /(?:公司|委员会|委会|村委|居委|派出所|政府|局|所|中心|学校|小学|中学|幼儿园|医院|卫生院|合作社|集团|银行|法院|检察院|厂|店|部门|街道|社区|单位|协会|站|办公室|办|平台|村|镇|乡|组|队|全体|双方|家属|群众|村民|居民|业主|住户|商户|人员)$/;
const count = /^\d{0,4}(?:余|多)?[人名个位户]?$/;
const namedRole = new RegExp(`${roles}(?:姓名|名称|信息)? ?: ?(?!${noValue})([^ ,;。、()]{1,20})`, 'g');

const doubleSurname = '(?:欧阳|司马|上官|诸葛|皇甫|尉迟|公孙|慕容|令狐|司徒|长孙|宇文|夏侯)';
const surname =
  '[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康邱秦江史顾侯邵孟龙雷汤尹黎武乔贺赖龚庞樊兰殷施陶洪翟颜倪俞章鲁葛伍韦申尤毕聂焦柳邢岳齐梅莫庄辛管祝涂祁舒耿牟卜詹苗凌费靳盛童欧甄]';
/** Words that begin like a name. */
const words =
  '(?:陈述|陈旧|陈列|张贴|张罗|周边|周围|周末|周[一二三四五六日岁]|黄色|黄金|黄昏|林地|林木|林权|林业|高度|高兴|高处|高空|高龄|高价|高额|高速|高温|马上|马路|何时|何处|何地|何人|何种|何况|任何|任意|任职|方面|方式|方法|方向|方便|方可|方才|程度|程序|许可|许多|许诺|曾[经在与向因有多被于对到]|余[款额下]|江边|田地|田间|金额|金融|金钱|石头|石块|白天|白酒|夏季|夏天|孙子|孙女|杜绝|戴着|康复|顾客|管理|管护|管控|管道|盛装|雷击|武力|武器|武装|施工|施暴|施救|齐全|庄稼|辛苦|祝愿|费用|申请|申诉|申报|申领|毕业|毕竟|章程|叶片|孔洞|洪水|陶瓷|陆续|陆地|谢绝|谢意|唐突|罗列|胡乱|胡说|董事|苏醒|丁字|郑重|范围|范例|钟表|黎明|乔装|贺礼|赖账|赖着|庞大|颜面|颜色|鲁莽|尤其|焦急|焦虑|柳树|岳父|岳母|莫名|涂改|舒适|牟取|苗木|凌晨|童年|甄别|龙头|秦岭|沈阳|兰州|郑州|.[某氏姓])';
/** What may follow a name in a sentence. */
const afterName =
  '(?=$|[^\\u4e00-\\u9fff]|[的在于与和因称报来到被将说诉反向对系及等男女要认骑驾乘从已又酒欠拖打骂殴家住电手身现同跟给把])';
const given = '[\\u4e00-\\u9fff](?<![某氏姓村镇乡县庄组队社屯寨沟坪路街区])';
const roleThenName = new RegExp(
  `${roles}(?:名叫|叫做|叫|为|是|系| )?(?!${words})(?:${doubleSurname}|${surname})(?:[\\u4e00-\\u9fff]${given}|${given})${afterName}`,
);

function hasName(text: string): boolean {
  for (const { 1: value } of text.matchAll(namedRole)) {
    if (!organisation.test(value!) && !count.test(value!) && !/^[男女]|某/.test(value!)) return true;
  }
  return roleThenName.test(text);
}

/** What an ASCII id can give away beside numbers. */
export function findAsciiWords(text: string): PersonalData | undefined {
  if (email.test(text)) return '电子邮箱';
  return qq.test(text) || wechat.test(text) ? '网络账号' : undefined;
}

/** Kinds of personal data that words around them, or their form, give away. */
export function findWords(text: string, context: TextContext): PersonalData | undefined {
  if (document.test(text) || military.test(text) || (context.kind !== 'id' && passport.test(text))) return '其他证件号';
  if (plate.test(text) || policePlate.test(text) || embassyPlate.test(text) || consulPlate.test(text)) return '车牌号';
  if (email.test(text)) return '电子邮箱';
  if (qq.test(text) || wechat.test(text) || platform.test(text)) return '网络账号';
  if (context.kind !== 'id' && latinWechat.test(text)) return '网络账号';
  if (homeLabel.test(text) || placeLabel.test(text) || doors.some((door) => door.test(text))) return '住址';
  return hasName(text) ? '姓名等标注' : undefined;
}
