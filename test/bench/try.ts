import { consumeOnly, hopOnly, insertOnly } from './bounds.js';
import { clickhouseKafka, minimalSink, product } from './contenders.js';
import { benchCounty, benchMonths } from './county.js';
import { fillTopics } from './fill.js';
import { openSite } from './site.js';

const count = Number(process.argv[2] ?? 200000);
const site = await openSite();
try {
  const months = benchMonths(Date.now());
  const county = benchCounty(months.from);
  await site.topics(4);
  const options = { county, count, months, seed: 1 };
  const at = performance.now();
  const { events, bytes } = await fillTopics(site.endpoints.kafkaBrokers, options);
  console.log('fill', (events / (performance.now() - at)) * 1000, bytes / events);
  if (process.argv[4]) {
    console.log('consume', await consumeOnly(site, events));
    console.log('hop', await hopOnly(site, options));
    console.log('insert', await insertOnly(site, options));
  }
  for (let i = 0; i < Number(process.argv[3] ?? 1); i++) {
    console.log('ch', JSON.stringify(await clickhouseKafka(site, { county, events })));
    if (process.argv[4]) console.log('sink', JSON.stringify(await minimalSink(site, { county, events })));
    if (process.argv[4])
      console.log('product', JSON.stringify(await product(site, { county, events, aggregators: 2, partitions: 4 })));
  }
} catch (e) {
  console.error(e);
} finally {
  await site.close();
}
