export * from './config.js';
export * from './health.js';
export * from './log.js';
export * from './metrics.js';
export * from './retry.js';
export * from './service.js';
export * from './within.js';
export * from './work-watch.js';
