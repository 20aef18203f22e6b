export * from './month/index.js';
