import { styleText } from 'node:util';

/** A text on a colour (`#rrggbb`). */
export type Paint = (text: string, colour: string) => string;

type Look = Parameters<typeof styleText>[0];

/** Up to which hue, in degrees. Terminals have no orange: their dark yellow is as near as they come. */
const looks: readonly (readonly [below: number, Look])[] = [
  [15, ['whiteBright', 'bgRed']],
  [43, ['black', 'bgYellow']],
  [70, ['black', 'bgYellowBright']],
  [165, ['black', 'bgGreen']],
  [200, ['black', 'bgCyan']],
  [265, ['whiteBright', 'bgBlue']],
  [330, ['whiteBright', 'bgMagenta']],
  [360, ['whiteBright', 'bgRed']],
];

/** Nearer to grey than this a colour has no hue to speak of. */
const LEAST_SPREAD = 0.15;

function hueOf(colour: string): number | undefined {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255) as [
    number,
    number,
    number,
  ];
  const most = Math.max(r, g, b);
  const spread = most - Math.min(r, g, b);
  if (spread < LEAST_SPREAD) return undefined;
  const sector = most === r ? (g - b) / spread : most === g ? (b - r) / spread + 2 : (r - g) / spread + 4;
  return (sector * 60 + 360) % 360;
}

/** On the nearest of the sixteen colours that every terminal has; behind the words, so that light and dark themes are alike. */
export const paint: Paint = (text, colour) => {
  const hue = hueOf(colour);
  const look = hue === undefined ? undefined : looks.find(([below]) => hue < below)?.[1];
  return look === undefined ? text : styleText(look, text, { validateStream: false });
};
