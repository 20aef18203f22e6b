import { type DimensionId, dimensions, findIndicator, type Scheme, type SchemeIndicator } from '@pingan/indicators';

export interface SchemeShare extends SchemeIndicator {
  name: string;
  dimension: DimensionId;
  /** Share in the dimension. */
  inside: number;
  /** Share in the index. */
  share: number;
}

export interface DimensionShare {
  id: DimensionId;
  name: string;
  /** As the scheme has it. */
  weight: number;
  share: number;
  indicators: SchemeShare[];
}

const total = (entries: readonly { weight: number }[]) => entries.reduce((sum, { weight }) => sum + weight, 0);

/** What every dimension and indicator makes up of the index, whatever numbers the weights are written in. */
export function schemeShares(scheme: Scheme): DimensionShare[] {
  const all = total(scheme.dimensions);
  return scheme.dimensions.map(({ id, weight, indicators }) => {
    const share = weight / all;
    const within = total(indicators);
    return {
      id,
      name: dimensions[id].name,
      weight,
      share,
      indicators: indicators.map((entry) => ({
        ...entry,
        name: findIndicator(entry.code)?.name ?? entry.code,
        dimension: id,
        inside: entry.weight / within,
        share: share * (entry.weight / within),
      })),
    };
  });
}
