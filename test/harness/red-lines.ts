import { addMonths } from '@pingan/contracts';
import type { County } from '@pingan/regions';
import type { RawMessage } from './kafka.js';
import { randomOf } from './random.js';
import { messageOf } from './synthetic.js';

/**
 * Deaths that the police recorded and red lines that the county established, in several versions that move, change and are
 * withdrawn; many red lines name a police case, by its id or with its source, some the same one, some one that nobody has.
 */
export function redLineCases(options: { county: County; from: string; months: number; count: number; seed: number }) {
  const { county, from, months, count, seed } = options;
  const random = randomOf(seed);
  const chance = (p: number) => random() < p;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const regions = county.regions.regions.map(({ code }) => code);
  const moment = () => {
    const start = Date.parse(`${addMonths(from, Math.floor(random() * months))}-01T00:00:00+08:00`);
    return new Date(start + (chance(0.2) ? 0 : Math.floor(random() * 27 * 86_400) * 1000)).toISOString();
  };
  const deaths = () => pick([1, 1, 2, 3, 4, 6, 11]);
  const police = () => ({
    category: pick(['traffic', 'fire', 'criminal', 'help']),
    sub_category: chance(0.3) ? 'homicide' : undefined,
    deaths: chance(0.8) ? deaths() : undefined,
  });
  const named = () => `D-${Math.floor(random() * count * 1.2)}`;
  const redLine = () => ({
    kind: pick(['veto', 'accident', 'homicide']),
    deaths: chance(0.6) ? deaths() : undefined,
    case_ref: chance(0.6) ? `${chance(0.5) ? 'deaths/' : ''}${named()}` : undefined,
  });
  const messages: RawMessage[] = [];
  const add = (schema: string, source: string, caseId: string, body: () => object) => {
    const versions = 1 + Math.floor(random() * 3);
    for (let version = 1; version <= versions; version++) {
      const at = moment();
      const retracted = version > 1 && chance(0.2);
      messages.push(
        messageOf({
          schema,
          county: county.code,
          source,
          case_id: caseId,
          version,
          op: retracted ? 'retract' : 'upsert',
          region_code: pick(regions),
          occurred_at: at,
          precision: 'time',
          recorded_at: at,
          body: retracted ? { reason: 'test' } : body(),
        }),
      );
    }
  };
  for (let i = 0; i < count; i++) {
    add('police.incident/1', 'deaths', `D-${i}`, police);
    add('red_line.event/1', 'office', `R-${i}`, redLine);
  }
  return messages;
}
