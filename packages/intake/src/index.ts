export { dependsOnRegistry, judge, type Verdict } from './judge.js';
export { CountyRegistry, type KnownCounty } from './registry.js';
