/** Tag of tests that only `npm run test:full` has: further places and forms of a fault of which `npm test` has one. */
export const FULL = 'full';

/** In `npm test`; a suite that is started by hand is as long as in `npm run test:full`. */
export const isShort = process.env.TEST_FORM === 'short';
