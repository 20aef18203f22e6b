import { better, neutral, worse } from './palette.js';
import { bars, type PanelPart } from './panels.js';

export interface Change {
  title: string;
  description: string;
  width: number;
  /** Rows of `code`, `name`, `points`: what each indicator did to the score. */
  parts: string;
  /** A tuple: the score of the month before, and of this month; NULLs where there is none. */
  ends: string;
  /** Whose score it is, in words. */
  score: string;
}

const SHOWN = 12;

/**
 * What moved a score since the month before, a bar for each indicator and one for the sum. The bars begin at zero: Grafana's
 * bar chart always shows the zero, and beside a whole score these changes would be hairs.
 */
export function changeBars({ title, description, width, parts, ends, score }: Change): PanelPart {
  const sql = `WITH
      (${ends}) AS ends,
      ends.1 AS before,
      ends.2 AS after,
      steps AS (
        SELECT least(place, ${SHOWN + 1}) AS at, if(at <= ${SHOWN}, any(p.name), '其余各项') AS name, sum(p.points) AS points
        FROM (SELECT name, points, row_number() OVER (ORDER BY abs(points) DESC, code) AS place FROM (${parts})) AS p
        GROUP BY at),
      after - before - (SELECT sum(points) FROM steps) AS rest
    SELECT label AS \`指标\`, if(at < 20 AND points > 0, points, 0) AS \`拉升\`, if(at < 20 AND points < 0, points, 0) AS \`拉低\`,
      if(at = 20, points, 0) AS \`合计\`
    FROM (
      SELECT at, points, concat(name, ' ', if(points > 0, '+', ''), toDecimalString(points, 2)) AS label FROM steps
      UNION ALL
      SELECT ${SHOWN + 2}, assumeNotNull(rest), concat('参评单位变化 ', if(rest > 0, '+', ''), toDecimalString(assumeNotNull(rest), 2))
      FROM (SELECT 1) WHERE abs(rest) >= 0.005
      UNION ALL
      SELECT 20, assumeNotNull(after - before), concat('${score} ', toDecimalString(assumeNotNull(before), 2), '→',
        toDecimalString(assumeNotNull(after), 2), if(after > before, ' +', ' '), toDecimalString(assumeNotNull(after - before), 2))
      FROM (SELECT 1) WHERE before IS NOT NULL AND after IS NOT NULL)
    WHERE before IS NOT NULL AND after IS NOT NULL
    ORDER BY at > ${SHOWN}, if(at > ${SHOWN}, at, 0), points DESC, label LIMIT ${SHOWN + 3}`;
  return bars({
    title,
    description: `${description}正为拉升，负为拉低；变动较小的合为“其余各项”，各项之和即末行的总变动。`,
    noValue: '没有上月的计分结果，无从比较',
    width,
    unit: 'none',
    decimals: 2,
    x: '指标',
    horizontal: true,
    stacked: true,
    values: false,
    sql,
    series: [
      { name: '拉升', colour: better },
      { name: '拉低', colour: worse },
      { name: '合计', colour: neutral },
    ],
  });
}
