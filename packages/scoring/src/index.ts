export * from './explain/index.js';
export * from './intervals/index.js';
export * from './month/index.js';
export * from './periods/index.js';
export * from './small-numbers/index.js';
