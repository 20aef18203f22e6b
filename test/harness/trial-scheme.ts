/** A small scheme of a county's own, as an analyst would write it: two dimensions, two indicators each. */
export const trialScheme = `name: 试算
dimensions:
  - id: police
    weight: 60
    indicators: [{ code: P01, weight: 2 }, { code: P04, weight: 1 }]
  - id: mediation
    weight: 40
    indicators: [{ code: S07, weight: 1 }, { code: S01, weight: 1 }]
hysteresis: { points: 1 }
`;
