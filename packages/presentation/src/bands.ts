import { missingReasonText, type Scheme } from '@pingan/indicators';

type Banded = { band: string | null };

/** How a scheme's bands are shown: the name, and the colour behind it. */
export function bandLooks({ bands }: Scheme) {
  const found = (id: string | null) => bands.find((band) => band.id === id);
  return {
    /** A unit without a band has no score: the reason stands there. */
    value: ({ band, missing_reason }: Banded & { missing_reason?: string | null }): string =>
      band === null ? missingReasonText(missing_reason ?? 'insufficient_data') : (found(band)?.name ?? band),
    colour: ({ band }: Banded): string | undefined => found(band)?.colour,
  };
}
