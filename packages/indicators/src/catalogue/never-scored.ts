import type { Basis } from './types.js';

/** What must not become a target, in words that a name or definition would use. A scheme knows no indicator for them. */
export const neverScored: readonly { item: string; words: readonly string[] }[] = [
  { item: '刑事拘留数', words: ['刑拘', '刑事拘留'] },
  { item: '批捕率', words: ['批捕'] },
  { item: '起诉率', words: ['起诉'] },
  { item: '退查率', words: ['退查'] },
  { item: '有罪判决率', words: ['判决率'] },
  { item: '破案率', words: ['破案'] },
  { item: '公安机关发案数指标', words: ['发案指标', '发案数指标'] },
  { item: '非正常上访人次排名', words: ['非访', '非正常上访'] },
  { item: '信访总量', words: ['信访总量'] },
  { item: '网格员上报条数', words: ['上报条数', '上报数量'] },
  { item: '正面发帖数', words: ['发帖'] },
  { item: '酒驾醉驾查处数', words: ['酒驾', '醉驾'] },
  { item: '以奖代补支出额', words: ['以奖代补', '奖补'] },
];

export const neverScoredBasis: Basis = {
  text: '2013年河南省公安机关取消刑拘、发案、破案、退查类指标，2015年中央政法委要求取消批捕率、起诉率、有罪判决率等考核；信访以依规依法及时就地解决问题为导向',
  mark: '◐',
};
