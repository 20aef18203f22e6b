import { type DimensionId, defaultScheme } from '@pingan/indicators';

/** Grafana writes white on whatever is darker than 180 of 255, and the scheme's yellow is by a hair. */
const legible = (colour: string): string => (colour === '#e6b800' ? '#f2c200' : colour);

/** Colours of the bands by their name, which is always shown beside: a county may print in black and white. */
export const bandColours: ReadonlyArray<{ name: string; colour: string }> = defaultScheme.bands.map(
  ({ name, colour }) => ({ name, colour: legible(colour) }),
);

/** Lower limits of the bands, lowest first. */
export const bandSteps: ReadonlyArray<{ min: number; colour: string }> = [...defaultScheme.bands]
  .sort((a, b) => a.min - b.min)
  .map(({ min, colour }) => ({ min, colour: legible(colour) }));

/** None of them is like a band's colour. All have a contrast of 3 at least on a white page and on Grafana's dark one. */
export const dimensionColours: Readonly<Record<DimensionId, string>> = {
  police: '#8b62d9',
  petition: '#0f9b8e',
  mediation: '#a1722f',
  opinion: '#d1549b',
  creation: '#7d8894',
};

/** Legible as text, too, on a white page and on a dark one. */
export const better = '#1f78c8';
export const worse = '#c75600';
export const neutral = '#8c8c8c';
/** Limits and intervals behind a line. */
export const pale = '#a6bddb';
