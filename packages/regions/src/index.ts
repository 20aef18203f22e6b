export { builtinCounty, builtinCountyCodes } from './builtin.js';
export {
  type Counted,
  type Joined,
  joinedUnits,
  type Placement,
  placeAgain,
  type RegionAspect,
  type RegionChange,
  regionChanges,
} from './compare.js';
export { parseRegionCsv } from './csv.js';
export { type RegionDefect, RegionTableError } from './defects.js';
export {
  CHINA,
  houseTimeZone,
  isTimeZone,
  lastCompleteMonth,
  localDayEnd,
  localDayStart,
  localMonthStart,
  monthOfInstant,
} from './local-time.js';
export { RegionIndex, type Resolution, type ResolveOptions } from './region-index.js';
export { regionTable, type TableAsOf, tableAsOf } from './table.js';
export type { County, Population, Region, RegionLevel, RegionTable } from './types.js';
export { countsFrom } from './types.js';
