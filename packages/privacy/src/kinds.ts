/** Kinds of personal data that must never enter the log; the text names them in rejections. */
export type PersonalData =
  | '身份证号'
  | '手机号'
  | '固定电话'
  | '银行卡号'
  | '其他证件号'
  | '车牌号'
  | '网络账号'
  | '电子邮箱'
  | '住址'
  | '姓名等标注';

/** What a text is and what is known about the record it stands in. */
export interface TextContext {
  /** `id`: an identity of a case, grid or unit, made of running numbers; `text` (default): anything somebody typed. */
  kind?: 'id' | 'text';
  /** The field refers to another, older record. */
  reference?: boolean | undefined;
  /** The source vouches that its ids are running numbers: those may have the form of a telephone or card number. */
  serial?: boolean | undefined;
  /** Code of the county: numbers of its own begin with it. */
  county?: string | undefined;
  /** Days (`YYYY-MM-DD…`) of the record: a date near one of them is that of a case, not of a birth. */
  days?: readonly string[];
}
