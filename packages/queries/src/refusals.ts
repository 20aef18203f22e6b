import { Refusal } from '@pingan/contracts';

export interface Named {
  code: string;
  name: string;
}

/** First and last month of something; null where there is none. */
export interface Span {
  first: string | null;
  last: string | null;
}

/** What a question can be refused for, with what a sentence about it needs. */
export interface QuestionRefusals {
  unknown_county: { county: string; known: Named[] };
  bad_month: { month: string };
  month_in_future: { county: Named; month: string; possible: Span };
  month_before_start: { county: Named; month: string; possible: Span };
  unknown_region: { county: Named; region: string; units: Named[] };
  ambiguous_region: { region: string; candidates: readonly string[] };
  region_not_scored: { region: string; units: Named[] };
  region_not_a_unit: { region: string };
  month_not_published: { county: Named; month: string };
  month_not_scored: { county: Named; month: string; scored: Span };
  too_many_months: { county: Named; month: string; asked: number; start: string; there: number };
  nothing_to_score: { county: Named };
  nothing_stored: { county: Named };
  base_before_start: { county: Named; base: string; first: string };
  base_without_unit: { base: string };
  bad_quarter: { period: string };
  bad_year: { period: string };
  period_incomplete: {
    county: Named;
    period: string;
    kind: 'quarter' | 'year';
    unscored: readonly string[];
    unfinished: readonly string[];
    /** Months of the period that are over and have scores. */
    complete: readonly string[];
  };
  unknown_case: { case_id: string };
  case_of_other_source: { case_id: string; source: string; sources: string[] };
  ambiguous_case: { case_id: string; sources: string[] };
  withdrawn_case: { case_id: string; sources: string[] };
  unknown_dead_letter: { ids: readonly string[] };
}

export type QuestionCode = keyof QuestionRefusals;

/** A question that is not answered; presentation has the sentences. */
export function refused<C extends QuestionCode>(code: C, facts: QuestionRefusals[C]): Refusal {
  return new Refusal('request', `${code} ${JSON.stringify(facts)}`, code, facts);
}

export const named = ({ code, name }: Named): Named => ({ code, name });
