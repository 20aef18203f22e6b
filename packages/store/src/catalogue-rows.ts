import { createHash } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { deadLetterReasonNames, recordTypeNames, streamNames } from '@pingan/contracts';
import { catalogue, defaultScheme, dimensions, missingReasonNames, severityNames } from '@pingan/indicators';
import { insertRows, rows } from './client.js';
import { newestTime } from './newest-time.js';

const indicatorColumns = [
  'code',
  'position',
  'name',
  'dimension',
  'unit',
  'direction',
  'kind',
  'definition',
  'plausible_min',
  'plausible_max',
] as const;

const indicatorValues = catalogue.map((own, position) => [
  own.code,
  position,
  own.name,
  own.dimension,
  own.unit,
  own.direction,
  own.kind,
  own.definition,
  own.plausible.min,
  own.plausible.max,
]);

const namesOf = (list: Readonly<Record<string, { name: string }>>) =>
  Object.fromEntries(Object.entries(list).map(([code, { name }]) => [code, name]));

const words: Record<string, Readonly<Record<string, string>>> = {
  dimension: namesOf(dimensions),
  stream: streamNames,
  missing_reason: missingReasonNames,
  record_type: recordTypeNames,
  dead_letter: deadLetterReasonNames,
  severity: severityNames,
  default_scheme: { default: JSON.stringify(defaultScheme) },
};

const wordValues = Object.entries(words).flatMap(([kind, list]) =>
  Object.entries(list).map(([code, text], position) => [kind, code, position, text]),
);

const digest = createHash('sha256')
  .update(JSON.stringify([indicatorValues, wordValues]))
  .digest('hex')
  .slice(0, 12);

/** Writes the words of this version of the program, unless they are the ones that stand there. */
export async function writeCatalogue(client: ClickHouseClient): Promise<void> {
  const found = await rows<{ digest: string }>(
    client,
    `SELECT argMax(digest, written_at) AS digest FROM catalogue_indicators
    UNION ALL SELECT argMax(digest, written_at) AS digest FROM catalogue_words`,
  );
  if (found.every((row) => row.digest === digest)) return;
  const write = async (
    table: 'catalogue_words' | 'catalogue_indicators',
    columns: readonly string[],
    values: readonly unknown[][],
  ): Promise<void> => {
    const { column, time } = await newestTime(client, table);
    await insertRows(client, {
      table,
      columns: [...columns, 'digest', column],
      values: values.map((value) => [...value, digest, time]),
    });
  };
  await write('catalogue_words', ['kind', 'code', 'position', 'text'], wordValues);
  await write('catalogue_indicators', indicatorColumns, indicatorValues);
}
