import { type PanelPart, table } from './panels.js';
import { wrappable } from './queries.js';
import { ofMonth } from './variables.js';

/**
 * What a reader must know before reading the month; it has a row whatever was chosen, so no dashboard is mute. `more`: a
 * statement with the same columns (position, kind, text), about what stands on this page.
 */
export const notices = (width: number, more?: string): PanelPart =>
  table({
    title: '数据说明',
    description: '本月数据的缺漏、所用方案和读法。没有数据时，这里写明原因。',
    noValue: '没有读到说明：指数库暂时连不上，请联系运维',
    width,
    sql: `SELECT kind AS \`事项\`, ${wrappable('text')} AS \`说明\`
      FROM (SELECT position, kind, text FROM v_notices(${ofMonth}) UNION ALL SELECT position, kind, text FROM v_data_notices(${ofMonth})${
        more === undefined
          ? ''
          : `
        UNION ALL ${more}`
      })
      ORDER BY position, text LIMIT 60`,
    columns: [
      { name: '事项', kind: 'text', width: 84 },
      { name: '说明', kind: 'prose' },
    ],
  });

/** The last row of a page; as high as the texts need on a phone. */
export const noticesRow = (more?: string) => ({ height: 9, panels: [notices(24, more)] });

/** Why a monthly panel is empty: no month scored and no answer of the store look alike from here, and neither means "none". */
export const noRun = '没有读到结果：所选县、月没有计分，或指数库暂时连不上，见“数据说明”';
export const noHistory = '所选时间范围内没有计分结果，请在右上角扩大时间范围';
