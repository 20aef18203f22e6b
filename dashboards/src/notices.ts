import { type PanelPart, table } from './panels.js';
import { wrappable } from './queries.js';
import { ofMonth } from './variables.js';

/** What a reader must know before reading the month; it has a row whatever was chosen, so no dashboard is mute. */
export const notices = (width: number): PanelPart =>
  table({
    title: '数据说明',
    description: '本月数据的缺漏、所用方案和读法。没有数据时，这里写明原因。',
    noValue: '没有可读的数据：请检查数据源',
    width,
    sql: `SELECT kind AS \`事项\`, ${wrappable('text')} AS \`说明\`
      FROM (SELECT position, kind, text FROM v_notices(${ofMonth}) UNION ALL SELECT position, kind, text FROM v_data_notices(${ofMonth}))
      ORDER BY position, text LIMIT 60`,
    columns: [
      { name: '事项', kind: 'text', width: 84 },
      { name: '说明', kind: 'prose' },
    ],
  });

/** The last row of a page; as high as the texts need on a phone. */
export const noticesRow = () => ({ height: 9, panels: [notices(24)] });

/** Why a monthly panel is empty. */
export const noRun = '所选县、月没有计分结果，原因见“数据说明”';
export const noHistory = '所选时间范围内没有计分结果，请在右上角扩大时间范围';
