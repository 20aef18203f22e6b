export { adoptLogCommand } from './commands/adopt-log.js';
export { type Context, closeContext, type Output, openContext } from './context.js';
export { runCommand } from './run.js';
export { printed, shown } from './shown.js';
export { renderTable } from './table.js';
