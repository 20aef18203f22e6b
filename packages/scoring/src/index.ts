export * from './composite/index.js';
export * from './month/index.js';
