import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Stream, streamNames, streamOfSchema } from '@pingan/contracts';
import type { EventProducer } from '@pingan/messaging';
import type { County } from '@pingan/regions';
import type { Logger } from '@pingan/runtime';
import { type DeliveryReport, deliverLedger } from './deliver-ledger.js';
import { digestFile } from './file-digest.js';
import type { Delivered, InboxMemory } from './inbox-memory.js';
import { writeWhole } from './json-file.js';
import { LedgerError } from './ledger-error.js';
import { type Mapping, parseMapping } from './mapping.js';

const MAPPING_SUFFIX = '.mapping.yaml';
const ERROR_SUFFIX = '.error.txt';

export interface WatchOptions {
  /** The stream's folder, with one folder per county. */
  folder: string;
  stream: Stream;
  counties: () => readonly County[];
  producer: Pick<EventProducer, 'send'>;
  memory: InboxMemory;
  log: Logger;
  signal: AbortSignal;
  /** Awaited before the file counts as delivered. */
  onDelivered?: (delivery: { report: DeliveryReport; mapping: Mapping; county: County }) => Promise<void>;
  /** Milliseconds between two looks. */
  pollMs?: number;
  /** A file is complete when size and time of change have stood still for so many milliseconds. */
  settleMs?: number;
}

interface LoadedMapping {
  mapping: Mapping;
  digest: string;
  matches: (name: string) => boolean;
}

interface Sight {
  size: number;
  mtimeMs: number;
  since: number;
}

/** `*` and `?` inside one name. */
export function namePattern(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'u');
}

function isLedgerName(name: string): boolean {
  return !name.startsWith('.') && ![MAPPING_SUFFIX, ERROR_SUFFIX, '.tmp'].some((end) => name.endsWith(end));
}

/**
 * Delivers ledgers put into a folder, until the signal. A ledger is delivered when it is new, has changed or its mapping
 * has; one that was only appended to is read anew, but only the rows behind those delivered before are sent.
 */
export async function watchFolder(options: WatchOptions): Promise<void> {
  const { folder, stream, producer, memory, log, signal, pollMs = 2_000, settleMs = 3_000 } = options;
  const sights = new Map<string, Sight>();
  /** What a file was like when it failed, so that each failure is told and tried once. */
  const failures = new Map<string, string>();
  const strangers = new Set<string>();

  const fail = async (file: string, key: string, signature: string, error: LedgerError): Promise<void> => {
    failures.set(key, signature);
    log.error({ file, problems: error.problems }, '台账未能入库,说明见同名 .error.txt');
    await writeWhole(`${file}${ERROR_SUFFIX}`, `${error.message}\n`);
  };
  const succeed = async (file: string, key: string): Promise<void> => {
    failures.delete(key);
    await rm(`${file}${ERROR_SUFFIX}`, { force: true });
  };

  const readMapping = async (file: string, county: County): Promise<LoadedMapping | undefined> => {
    const text = await readFile(file, 'utf8');
    const digest = createHash('sha256').update(text).digest('hex');
    const name = basename(file);
    if (failures.get(file) === digest) return undefined;
    try {
      const mapping = parseMapping(text, name);
      const problems: string[] = [];
      if (streamOfSchema[mapping.schema] !== stream) {
        problems.push(`schema:${mapping.schema} 不属于本文件夹的${streamNames[stream]}(${stream})`);
      }
      if (mapping.county !== undefined && mapping.county !== county.code) {
        problems.push(`county:${mapping.county} 与所在文件夹 ${county.code} 不符`);
      }
      if (mapping.files === undefined) problems.push("files:须写台账文件名,如 files: '*.csv'");
      if (problems.length > 0) throw new LedgerError(name, problems);
      const pattern = namePattern(mapping.files ?? '');
      await succeed(file, file);
      return { mapping, digest, matches: (ledger) => pattern.test(ledger) };
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      await fail(file, file, digest, error);
      return undefined;
    }
  };

  /** True when the file has stood still long enough; the time runs from when this process first saw it so. */
  const isSettled = (file: string, size: number, mtimeMs: number): boolean => {
    const now = Date.now();
    const sight = sights.get(file);
    if (sight === undefined || sight.size !== size || sight.mtimeMs !== mtimeMs) {
      sights.set(file, { size, mtimeMs, since: now });
      return settleMs === 0;
    }
    return now - sight.since >= settleMs;
  };

  /** How far the rows of a changed file were sent before; 0 unless it only grew. */
  const sentBefore = (before: Delivered | undefined, digest: string, prefix?: { sha256: string; endsLine: boolean }) =>
    before !== undefined && before.mapping === digest && prefix?.endsLine && prefix.sha256 === before.sha256
      ? before.lastLine
      : 0;

  const deliver = async (place: { dir: string; name: string; stem: string; county: County }, loaded: LoadedMapping) => {
    const { dir, name, stem, county } = place;
    const file = join(dir, name);
    const { size, mtimeMs } = await stat(file);
    const key = `${county.code}/${stem}/${name}`;
    const before = memory.get(key);
    const same = before !== undefined && before.mapping === loaded.digest;
    if (same && before.size === size && before.mtimeMs === mtimeMs) {
      if (failures.has(key)) await succeed(file, key);
      return;
    }
    const signature = `${size} ${mtimeMs} ${loaded.digest}`;
    if (failures.get(key) === signature || !isSettled(file, size, mtimeMs)) return;
    const { sha256, prefix } = await digestFile(file, before !== undefined && before.size < size ? before.size : 0);
    if (same && before.sha256 === sha256) {
      await memory.set(key, { ...before, size, mtimeMs });
      return;
    }
    try {
      const report = await deliverLedger({
        files: [file],
        mapping: loaded.mapping,
        county,
        producer,
        signal,
        sentUpToLine: sentBefore(before, loaded.digest, prefix),
        rejectedFile: join(dir, 'rejected', stem, `${name}.csv`),
      });
      await options.onDelivered?.({ report, mapping: loaded.mapping, county });
      const lastLine = report.files[0]?.lastLine ?? 0;
      const after = await stat(file);
      // What was read of a file that changed meanwhile is unknown: it is taken as a whole at the next look.
      const known = after.size === size && after.mtimeMs === mtimeMs ? sha256 : '';
      await memory.set(key, { size, mtimeMs, sha256: known, mapping: loaded.digest, lastLine });
      await succeed(file, key);
      const { read, sent, skipped, rejected } = report;
      log.info(
        { county: county.code, file: name, read, sent, skipped, rejected, notes: report.files[0]?.notes },
        '台账已送出',
      );
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      await fail(file, key, signature, error);
    }
  };

  const lookAtCounty = async (county: County): Promise<void> => {
    const dir = join(folder, county.code);
    await mkdir(dir, { recursive: true });
    const names = (await readdir(dir, { withFileTypes: true })).filter((e) => e.isFile()).map((e) => e.name);
    const ledgers = names.filter(isLedgerName).sort();
    for (const mappingName of names.filter((name) => name.endsWith(MAPPING_SUFFIX)).sort()) {
      const loaded = await readMapping(join(dir, mappingName), county);
      if (loaded === undefined) continue;
      const stem = mappingName.slice(0, -MAPPING_SUFFIX.length);
      for (const name of ledgers) {
        signal.throwIfAborted();
        if (loaded.matches(name)) await deliver({ dir, name, stem, county }, loaded);
      }
    }
  };

  const nameStrangers = (entries: Dirent[], codes: Set<string>): void => {
    for (const entry of entries) {
      if (!entry.isDirectory() || codes.has(entry.name) || strangers.has(entry.name)) continue;
      strangers.add(entry.name);
      log.warn({ folder: join(folder, entry.name) }, '文件夹名不是已登记的县代码,其中的台账不会读取');
    }
  };

  while (!signal.aborted) {
    try {
      const counties = options.counties();
      for (const county of counties) await lookAtCounty(county);
      if (counties.length > 0) {
        nameStrangers(await readdir(folder, { withFileTypes: true }), new Set(counties.map(({ code }) => code)));
      }
      await sleep(pollMs, undefined, { signal });
    } catch (error) {
      if (signal.aborted) return;
      // A file that was taken away while being looked at is simply not there any more.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
