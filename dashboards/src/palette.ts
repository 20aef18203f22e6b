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

/** Okabe and Ito's colours, told apart by the colour-blind as well. */
export const dimensionColours: Readonly<Record<DimensionId, string>> = {
  police: '#0072b2',
  petition: '#e69f00',
  mediation: '#009e73',
  opinion: '#cc79a7',
  creation: '#56b4e9',
};

export const better = '#0072b2';
export const worse = '#d55e00';
export const neutral = '#8c8c8c';
/** Limits and intervals behind a line. */
export const pale = '#a6bddb';
