import { scoreCounty } from '@pingan/appraisal';
import { scoreJob } from '@pingan/contracts';
import {
  addCoalesced,
  createRedis,
  isHeld,
  openQueue,
  redisReady,
  startHeartbeat,
  startWorker,
} from '@pingan/messaging';
import { clickhouseAccess, engineConfig, runService, untilUp } from '@pingan/runtime';
import { createStore } from '@pingan/store';

/** How often every county is looked at: a month that has ended wants a score though no event arrives. */
const SWEEP_MS = 60_000;

await runService({
  name: 'scorer',
  config: engineConfig.omit({ KAFKA_BROKERS: true }),
  start: async ({ config, log, signal }) => {
    const store = createStore({
      url: config.CLICKHOUSE_URL,
      database: config.CLICKHOUSE_DATABASE,
      ...clickhouseAccess(config),
    });
    await untilUp(() => store.migrate(), {
      signal,
      onDown: (error) => log.warn({ detail: (error as Error).message }, 'ClickHouse 不可用,等待恢复'),
      onUp: () => log.info('ClickHouse 已恢复'),
    });
    const enqueue = createRedis(config.REDIS_URL, 'enqueue', log);
    const work = createRedis(config.REDIS_URL, 'work', log);
    await Promise.all([enqueue, work].map(redisReady));
    const queue = openQueue('score', enqueue);
    const totals = { jobs: 0, runs: 0 };

    const worker = startWorker('score', {
      connection: work,
      concurrency: 1,
      payload: scoreJob,
      log,
      handle: async ({ county: code, months }) => {
        if (await isHeld(enqueue, 'computing')) return;
        const county = await store.counties.get(code);
        if (!county) return;
        const results = await scoreCounty(store, county, { months, nowMs: Date.now() });
        totals.jobs += 1;
        const fresh = results.filter((result) => result.fresh);
        totals.runs += fresh.length;
        if (fresh.length > 0) log.info({ county: code, periods: fresh.map(({ period }) => period) }, '已计算指数');
      },
    });
    const sweep = setInterval(() => {
      void store.counties
        .list()
        .then((counties) => Promise.all(counties.map(({ code }) => addCoalesced(queue, code, { county: code }, 0))))
        .catch(() => undefined);
    }, SWEEP_MS);
    const heartbeat = startHeartbeat(enqueue, { service: 'scorer', details: () => ({ ...totals }) });
    return {
      stop: async () => {
        clearInterval(sweep);
        await worker.close();
        await heartbeat.stop();
        await queue.close();
        await store.close();
        enqueue.disconnect();
        work.disconnect();
      },
    };
  },
});
