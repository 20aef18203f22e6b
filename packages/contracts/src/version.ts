/** Milliseconds of September 2001. A source's counter stays below, so a version above is the time of a change. */
const FIRST_CLOCK_VERSION = 1e12;

/** Whether a version is a time in milliseconds: such a one may not lie in the future, or it would win for ever. */
export const isClockVersion = (version: number): boolean => version > FIRST_CLOCK_VERSION;
