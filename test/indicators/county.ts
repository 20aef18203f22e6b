import type { County, Region } from '@pingan/regions';
import type { Fact } from './ledger.js';
import { maker, petition } from './makers.js';

const town = (code: string, name: string, residents: number): Region => ({
  code,
  name,
  parent: 'READ',
  level: 'township',
  type: 'town',
  areaClass: 'town',
  ranked: true,
  countsAs: null,
  aliases: [],
  validFrom: null,
  validTo: null,
  populations: [{ value: residents, year: 2025, source: 'test', synthetic: true }],
});

/** Two townships with 20 000 and 10 000 residents, whose index begins in January 2026. */
export const readersCounty: County = {
  code: 'READ',
  name: '读县',
  timeZone: 'Asia/Shanghai',
  startMonth: '2026-01',
  demo: null,
  regions: { version: 'test', regions: [town('READ/A', '甲镇', 20_000), town('READ/B', '乙镇', 10_000)] },
};

const crime = maker('police.incident', { category: 'criminal', case_status: 'filed' });
const backlog = maker('petition.case', { petition_type: 'appeal_claim', channel: 'letter', is_backlog: true });

const opinion = maker('opinion.event', { sentiment: 'negative', heat: 9 });

const times = (count: number, make: (i: number) => Fact) => Array.from({ length: count }, (_, i) => make(i));

const ratings = (satisfied: number, rated: number, in_town: string) =>
  times(rated, (i) =>
    petition(
      'a rating of March',
      { registered_at: '2026-03-02', closed_at: '2026-03-20', satisfaction: i < satisfied ? 'satisfied' : 'neutral' },
      { town: in_town },
    ),
  );

/** January to March 2026, with police calls, petitions and opinion events in each month. */
export const readersFacts: readonly Fact[] = [
  crime('3650 days', { sub_category: 'homicide' }, { at: '2026-01-10 10:00' }),
  crime('180 days', { sub_category: 'theft' }, { at: '2026-02-10 10:00' }),
  crime('180 days', { sub_category: 'theft' }, { at: '2026-03-10 10:00' }),
  crime('1460 days, other township', { sub_category: 'robbery' }, { at: '2026-03-10 10:00', town: 'B' }),
  crime('365 days and a loss', { sub_category: 'telecom_fraud', loss_amount: 30_000 }, { at: '2026-02-10 10:00' }),
  crime('another loss', { sub_category: 'telecom_fraud', loss_amount: 6_000 }, { at: '2026-03-31 23:59' }),
  backlog('resolved the year before', { registered_at: '2025-11-10', closed_at: '2025-12-20' }),
  backlog('opening stock, resolved in February', { registered_at: '2025-11-10', closed_at: '2026-02-20' }),
  backlog('opening stock, resolved in March', { registered_at: '2025-11-10', closed_at: '2026-03-31 23:59' }),
  backlog('opening stock, resolved in April', { registered_at: '2025-11-10', closed_at: '2026-04-01 00:00' }),
  backlog('added in February, resolved in June', { registered_at: '2026-02-10', closed_at: '2026-06-01' }),
  backlog('added in April', { registered_at: '2026-04-10', closed_at: '2026-04-20' }),
  opinion('ln 10', { level: 1, discovered_at: '2026-01-10', verified_at: '2026-01-11' }),
  opinion('2 ln 10', { level: 2, discovered_at: '2026-02-10', verified_at: '2026-02-11' }),
  opinion('4 ln 10', { level: 3, discovered_at: '2026-03-10', verified_at: '2026-03-11' }),
  petition('January has petitions', { registered_at: '2026-01-10' }),
  ...ratings(20, 29, 'A'),
  ...ratings(27, 30, 'B'),
];
