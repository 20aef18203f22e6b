/**
 * Which numbers a reader is shown. `latest` follows the data: late deliveries and new schemes change it. `published` is the
 * run that was published for a month, until another is published.
 */
export const bases = ['latest', 'published'] as const;

export type Basis = (typeof bases)[number];
