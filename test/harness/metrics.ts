/** Values of one metric by their labels, as `a="b",c="d"` without the service; empty when it is absent. */
export async function metricsOf(healthUrl: string, name: string): Promise<Map<string, number>> {
  const text = await (await fetch(`${healthUrl}/metrics`)).text();
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const found = /^(\w+)\{(.*)\} (\S+)$/.exec(line);
    if (found?.[1] !== name) continue;
    const labels = found[2]!.split(',').filter((label) => !label.startsWith('service='));
    values.set(labels.join(','), found[3] === 'Nan' ? Number.NaN : Number(found[3]));
  }
  return values;
}

export const sumOf = (values: ReadonlyMap<string, number>, label = ''): number =>
  [...values].filter(([labels]) => labels.includes(label)).reduce((sum, [, value]) => sum + value, 0);
