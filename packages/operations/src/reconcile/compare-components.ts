import { unavailable } from '@pingan/contracts';
import type { Component } from '@pingan/store';
import type { Installation } from '../installation.js';
import type { Differences } from './differences.js';

const keyOf = ({ month, indicator, region_code }: Component) => [month, indicator, region_code].join('\0');

/** The aggregator may write while both sides are read; then they are read again. */
const LOOKS = 20;

/**
 * How many stored components of a county differ from what its case tables give at the components' own watermark.
 * @throws Refusal (unavailable) when they change all the time.
 */
export async function compareComponents(
  installation: Installation,
  code: string,
  differences?: Differences,
): Promise<number> {
  const { components, counties } = installation.store;
  const county = await counties.get(code);
  if (!county) return 0;
  for (let look = 0; look < LOOKS; look += 1) {
    const state = await components.state(code);
    if (!state) return 0;
    const [stored, computed] = await Promise.all([
      components.read(code),
      components.compute({ county, watermark: state.watermark }),
    ]);
    if (JSON.stringify(await components.state(code)) !== JSON.stringify(state)) continue;
    const left = new Map(stored.map((component) => [keyOf(component), component]));
    const differing: Component[] = [];
    for (const component of computed) {
      const own = left.get(keyOf(component));
      left.delete(keyOf(component));
      if (own?.numerator !== component.numerator || own.denominator !== component.denominator)
        differing.push(component);
    }
    differing.push(...left.values());
    for (const { month, indicator, region_code } of differing) {
      const place = { county: code, stream: '', source: '', day: month, region: region_code } as const;
      differences?.add({ kind: 'component', ...place }, indicator);
    }
    return differing.length;
  }
  throw unavailable(`${code} 的月度分量一直在变，无法核对。请稍后再试。`);
}
