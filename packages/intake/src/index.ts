export { dependsOnRegistry, judge, type Verdict } from './judge.js';
export { deadLetterOf } from './letter.js';
export { CountyRegistry, type KnownCounty } from './registry.js';
