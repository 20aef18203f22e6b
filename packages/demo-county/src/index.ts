export { type DemoOptions, demoEmissions, generateDemo } from './generate.js';
export type { Emission } from './history.js';
export { type LoadOptions, loadStream } from './load.js';
