export { countyAdd } from './commands/county.js';
export { importLedgers } from './commands/import.js';
export { type Ranking, rankingTable, readRanking, schemeOfMonth, titleOf } from './commands/rank.js';
export { type Context, closeContext, type Output, openContext, withRedis } from './context.js';
export { CommandFailure } from './failure.js';
export { logEnd, type Offsets, scoreMonthNow, waitUntilStored } from './operations.js';
export { runCommand } from './run.js';
export { coreServices, producerServices } from './service-names.js';
export { renderTable } from './table.js';
