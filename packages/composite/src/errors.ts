/** Names of everything the scoring functions refuse. */
export type ScoringErrorCode =
  | 'AGGREGATE_IS_COLUMN'
  | 'ALL_ZERO_WEIGHTS'
  | 'BAD_CODE'
  | 'BAD_DIRECTION'
  | 'BAD_OPTION'
  | 'CHILDLESS_AGGREGATE'
  | 'CODE_IS_UNIT_AND_COLUMN'
  | 'CONSTANT_COLUMN'
  | 'DUPLICATE_CODE'
  | 'DUPLICATE_UNIT'
  | 'GROWTH_UNDEFINED'
  | 'LENGTH_MISMATCH'
  | 'LEVEL_GAP'
  | 'LINEAR_PROGRAM_FAILED'
  | 'MISSING_COLUMN'
  | 'MISSING_FILE'
  | 'NEGATIVE_VALUE'
  | 'NEGATIVE_WEIGHT'
  | 'NON_FINITE'
  | 'NON_NUMERIC'
  | 'NON_POSITIVE_VALUE'
  | 'NOT_AGGREGATED'
  | 'NOT_RECIPROCAL'
  | 'ORPHAN_PARENT'
  | 'PANEL_TABLE'
  | 'PARENT_LEVEL'
  | 'POWER_ZERO'
  | 'REFERENCE_AT_WORST'
  | 'TARGET_BEYOND_WORST'
  | 'TOO_FEW_POINTS'
  | 'UNKNOWN_CODE'
  | 'UNKNOWN_KEY'
  | 'UNKNOWN_METHOD'
  | 'UNKNOWN_STEP'
  | 'UNKNOWN_UNIT'
  | 'UNUSED_KEY'
  | 'ZERO_WEIGHT_SUM';

/** Names of what a result carries along although it could be computed. */
export type ScoringWarningCode =
  | 'ALL_MISSING'
  | 'CONSTANT_COLUMN'
  | 'DENOMINATOR_ZERO'
  | 'FEW_DISTINCT'
  | 'GROUP_WITHOUT_DATA'
  | 'INCONSISTENT_JUDGEMENTS'
  | 'NEGATIVE_WEIGHT'
  | 'NOT_CONVERGED'
  | 'NOT_NORMALISED'
  | 'RANDOM_INDEX_UNKNOWN'
  | 'ROWS_DROPPED'
  | 'STALE_SCORES'
  | 'STILL_MISSING'
  | 'STILL_SKEWED'
  | 'TARGET_NOT_REACHED'
  | 'UNIT_WITHOUT_DATA'
  | 'UNIT_WITHOUT_GROUP'
  | 'UNKNOWN_COLUMN'
  | 'ZERO_WEIGHT_SUM';

interface Note<Code extends string> {
  readonly code: Code;
  /** Where it happened, for example `单元 BEL，指标 Gas`. */
  readonly place: string;
  readonly problem: string;
  /** What the reader should do about it. */
  readonly remedy: string;
}

export interface ScoringWarning extends Note<ScoringWarningCode> {
  readonly message: string;
}

/** A refusal: `code` for programs, `message` (place, problem, remedy; in Chinese) for people. */
export class ScoringError extends Error implements Note<ScoringErrorCode> {
  override readonly name = 'ScoringError';
  readonly code: ScoringErrorCode;
  readonly place: string;
  readonly problem: string;
  readonly remedy: string;
  /** Further problems found by the same check. */
  readonly others: readonly ScoringError[];

  constructor(note: Note<ScoringErrorCode>, others: readonly ScoringError[] = []) {
    super(sentence(note) + (others.length > 0 ? `（另有 ${others.length} 处问题）` : ''));
    this.code = note.code;
    this.place = note.place;
    this.problem = note.problem;
    this.remedy = note.remedy;
    this.others = others;
  }
}

export function scoringError(code: ScoringErrorCode, place: string, problem: string, remedy: string): ScoringError {
  return new ScoringError({ code, place, problem, remedy });
}

export function scoringWarning(
  code: ScoringWarningCode,
  place: string,
  problem: string,
  remedy: string,
): ScoringWarning {
  const note = { code, place, problem, remedy };
  return { ...note, message: sentence(note) };
}

function sentence(note: Note<string>): string {
  return `${note.place}：${note.problem}。${note.remedy}。`;
}
