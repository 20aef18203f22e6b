import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stream } from '@pingan/contracts';
import type { Metrics } from '@pingan/runtime';
import { type InboxPlace, lookAtInbox } from './look-at-inbox.js';

const kinds = ['failed', 'unread'] as const;

/** Bytes of the files of a folder; 0 without it, as in containers, whose logs go elsewhere. */
async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name)).then(({ size }) => size)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** What of this stream's inbox has not arrived, and how large the log files of the home are. */
export function homeGauges(
  metrics: Metrics,
  { stream, home, place }: { stream: Stream; home: string; place: () => Omit<InboxPlace, 'now'> },
): void {
  metrics.gauge({
    name: 'pingan_inbox_files',
    help: 'Files of the inbox that were refused, or that nobody has delivered',
    labels: ['stream', 'kind'],
    read: async (gauge) => {
      const troubles = await lookAtInbox({ ...place(), now: Date.now() });
      const own = troubles.filter(({ file }) => file.startsWith(`${stream}/`));
      for (const kind of kinds) gauge.set({ stream, kind }, own.filter((one) => one.kind === kind).length);
    },
  });
  metrics.gauge({
    name: 'pingan_log_files_bytes',
    help: 'Size of the log files in the home, those put aside included',
    read: async (gauge) => gauge.set(await bytesIn(join(home, 'logs'))),
  });
}
