/**
 * Which numbers a reader is shown. `latest` follows the data: late deliveries and new schemes change it. `published` is what was
 * published of a month, and stays that until it is published anew.
 */
export const bases = ['latest', 'published'] as const;

export type Basis = (typeof bases)[number];
