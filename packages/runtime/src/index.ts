export * from './config.js';
export * from './log.js';
export * from './retry.js';
export * from './service.js';
