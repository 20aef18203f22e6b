import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Stream, streamNames, streamOfSchema } from '@pingan/contracts';
import type { EventProducer } from '@pingan/messaging';
import type { County } from '@pingan/regions';
import type { Logger } from '@pingan/runtime';
import type { Store } from '@pingan/store';
import { type DeliveryReport, deliverLedger } from './deliver-ledger.js';
import { digestFile } from './file-digest.js';
import type { Delivered, InboxMemory } from './inbox-memory.js';
import { ERROR_SUFFIX, isLedgerName, MAPPING_SUFFIX } from './inbox-names.js';
import { writeWhole } from './json-file.js';
import { LedgerError } from './ledger-error.js';
import { type Mapping, parseMapping, readMappingText } from './mapping.js';
import { namePattern } from './pattern.js';
import { CasesWouldMove } from './planned-moves.js';
import { noteUnread, straysOfInbox, straysOfStream, unmatchedReason } from './unread.js';

export interface WatchOptions {
  /** The stream's folder, with one folder per county. */
  folder: string;
  /** The inbox with the folders of all streams: what lies there in vain is noted beside it. */
  inbox?: string;
  stream: Stream;
  counties: () => readonly County[];
  producer: Pick<EventProducer, 'send'>;
  memory: InboxMemory;
  /** See `DeliverOptions`. */
  store?: Pick<Store, 'deliveries'>;
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

interface Failure {
  signature: string;
  /** On a clock that never jumps: a fault that nobody thought of may pass by itself. */
  againAt: number;
}

interface Sight {
  size: number;
  mtimeMs: number;
  since: number;
}

const RETRY_MS = 300_000;

/** A ledger may come before its mapping: nothing is said until it has stood still for so many times as long. */
const MAPPING_PATIENCE = 10;

/** With the command that confirms the moves of this very file. */
function setAside({ file: name, facts }: CasesWouldMove, at: { file: string; mapping: string; county: string }) {
  const command = `pingan import --county ${at.county} --mapping ${at.mapping} ${at.file} --yes`;
  return new CasesWouldMove(name, facts, `请管理员用 ${command} 导入，${RETRY_MS / 60_000} 分钟内这里自行放行`);
}

/** A file that was taken away while being looked at is simply not there any more. */
const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/**
 * Delivers ledgers put into a folder, until the signal. A ledger is delivered when it is new, has changed or its mapping
 * has; one that was only appended to is read anew, but only the rows behind those delivered before are sent.
 */
export async function watchFolder(options: WatchOptions): Promise<void> {
  const { folder, stream, producer, memory, log, signal, pollMs = 2_000, settleMs = 3_000 } = options;
  const sights = new Map<string, Sight>();
  /** What a file was like when it failed, so that each failure is told and tried once. */
  const failures = new Map<string, Failure>();

  /** One bad file, or a fault nobody thought of in reading it, stops no other. */
  const fail = async (file: string, key: string, signature: string, error: unknown): Promise<void> => {
    if (signal.aborted || isGone(error)) throw error;
    if (hasFailed(key, signature)) return;
    const isKnown = error instanceof LedgerError;
    const problems = isKnown ? error.problems : [String(error)];
    // What somebody has confirmed by `import --yes` moves nothing any more: the file passes at a later try.
    const isLasting = isKnown && !(error instanceof CasesWouldMove);
    failures.set(key, { signature, againAt: isLasting ? Number.POSITIVE_INFINITY : performance.now() + RETRY_MS });
    log.error({ file, problems, ...(!isKnown && { err: error }) }, '台账未能入库，说明见同名 .error.txt');
    const text = isKnown
      ? error.message
      : `${basename(file)}：处理时发生意外错误，${RETRY_MS / 60_000} 分钟后再试（${(error as Error).message}）`;
    await tellBeside(file, text);
  };
  /** Written only when it says something else: its time tells since when. */
  const tellBeside = async (file: string, text: string): Promise<void> => {
    const place = `${file}${ERROR_SUFFIX}`;
    try {
      const before = await readFile(place, 'utf8').catch(() => undefined);
      if (before !== `${text}\n`) await writeWhole(place, `${text}\n`);
    } catch (error) {
      log.error({ file: place, detail: (error as Error).message }, '说明文件写不了');
    }
  };
  const succeed = async (file: string, key: string): Promise<void> => {
    failures.delete(key);
    await rm(`${file}${ERROR_SUFFIX}`, { force: true });
  };
  const hasFailed = (key: string, signature: string): boolean => {
    const failure = failures.get(key);
    return failure?.signature === signature && performance.now() < failure.againAt;
  };

  const readMapping = async (file: string, county: County): Promise<LoadedMapping | undefined> => {
    const name = basename(file);
    let digest = '';
    try {
      const text = await readMappingText(file);
      digest = createHash('sha256').update(text).digest('hex');
      if (hasFailed(file, digest)) return undefined;
      const mapping = parseMapping(text, name);
      const problems: string[] = [];
      if (streamOfSchema[mapping.schema] !== stream) {
        problems.push(`schema：${mapping.schema} 不属于本文件夹的${streamNames[stream]}（${stream}）`);
      }
      if (mapping.county !== undefined && mapping.county !== county.code) {
        problems.push(`county：${mapping.county} 与所在文件夹 ${county.code} 不符`);
      }
      if (mapping.files === undefined) problems.push("files：须写台账文件名，如 files: '*.csv'");
      if (problems.length > 0) throw new LedgerError(name, problems);
      const matches = namePattern(mapping.files ?? '');
      await succeed(file, file);
      return { mapping, digest, matches };
    } catch (error) {
      await fail(file, file, digest, error);
      return undefined;
    }
  };

  /** True when the file has stood still long enough; the time runs from when this process first saw it so. */
  const isSettled = (
    file: string,
    { size, mtimeMs }: { size: number; mtimeMs: number },
    enoughMs = settleMs,
  ): boolean => {
    const now = Date.now();
    const sight = sights.get(file);
    if (sight === undefined || sight.size !== size || sight.mtimeMs !== mtimeMs) {
      sights.set(file, { size, mtimeMs, since: now });
      return enoughMs === 0;
    }
    return now - sight.since >= enoughMs;
  };

  /** How far the rows of a changed file were sent before; 0 unless it only grew. */
  const sentBefore = (before: Delivered | undefined, digest: string, prefix?: { sha256: string; endsLine: boolean }) =>
    before !== undefined && before.mapping === digest && prefix?.endsLine && prefix.sha256 === before.sha256
      ? before.lastLine
      : 0;

  const deliver = async (place: { dir: string; name: string; stem: string; county: County }, loaded: LoadedMapping) => {
    const { dir, name, stem, county } = place;
    const file = join(dir, name);
    const key = `${county.code}/${stem}/${name}`;
    let signature = loaded.digest;
    try {
      const { size, mtimeMs } = await stat(file);
      const before = memory.get(key);
      const same = before !== undefined && before.mapping === loaded.digest;
      if (same && before.size === size && before.mtimeMs === mtimeMs) {
        if (failures.has(key)) await succeed(file, key);
        return;
      }
      signature = `${size} ${mtimeMs} ${loaded.digest}`;
      if (hasFailed(key, signature) || !isSettled(file, { size, mtimeMs })) return;
      const { sha256, prefix } = await digestFile(file, before !== undefined && before.size < size ? before.size : 0);
      if (same && before.sha256 === sha256) {
        await memory.set(key, { ...before, size, mtimeMs });
        return;
      }
      const report = await deliverLedger({
        files: [file],
        mapping: loaded.mapping,
        county,
        producer,
        store: options.store,
        signal,
        sentUpToLine: sentBefore(before, loaded.digest, prefix),
        rejectedFile: join(dir, 'rejected', stem, `${name}.csv`),
      });
      await options.onDelivered?.({ report, mapping: loaded.mapping, county });
      await memory.set(key, {
        ...{ size, mtimeMs, sha256, mapping: loaded.digest },
        lastLine: report.files[0]?.lastLine ?? 0,
      });
      await succeed(file, key);
      const { read, sent, skipped, rejected, empty } = report;
      log.info(
        { county: county.code, file: name, read, sent, skipped, rejected, empty, notes: report.files[0]?.notes },
        '台账已送出',
      );
    } catch (error) {
      const at = { file, mapping: join(dir, stem + MAPPING_SUFFIX), county: county.code };
      await fail(file, key, signature, error instanceof CasesWouldMove ? setAside(error, at) : error);
    }
  };

  /** What was wrong with a file that was taken away is nobody's concern any more. */
  const forgetGone = async (dir: string, names: readonly string[]): Promise<void> => {
    const there = new Set(names);
    for (const name of names) {
      if (!name.endsWith(ERROR_SUFFIX) || there.has(name.slice(0, -ERROR_SUFFIX.length))) continue;
      await rm(join(dir, name), { force: true });
    }
  };

  const lookAtCounty = async (county: County): Promise<void> => {
    const dir = join(folder, county.code);
    await mkdir(dir, { recursive: true });
    const names = (await readdir(dir, { withFileTypes: true })).filter((e) => e.isFile()).map((e) => e.name);
    const ledgers = names.filter(isLedgerName).sort();
    await forgetGone(dir, names);
    const mappings = names.filter((name) => name.endsWith(MAPPING_SUFFIX)).sort();
    const broken: string[] = [];
    const unmatched = new Set(ledgers);
    for (const mappingName of mappings) {
      const loaded = await readMapping(join(dir, mappingName), county);
      if (loaded === undefined) {
        broken.push(mappingName);
        continue;
      }
      const stem = mappingName.slice(0, -MAPPING_SUFFIX.length);
      for (const name of ledgers) {
        signal.throwIfAborted();
        if (!loaded.matches(name)) continue;
        unmatched.delete(name);
        await deliver({ dir, name, stem, county }, loaded);
      }
    }
    const unread = new Map<string, string>();
    for (const name of unmatched) {
      const found = await stat(join(dir, name));
      const isNoted = names.includes(name + ERROR_SUFFIX);
      if (!isSettled(join(dir, name), found, MAPPING_PATIENCE * settleMs) && !isNoted) continue;
      unread.set(name, unmatchedReason(name, mappings, broken));
    }
    await noteUnread(dir, unread);
  };

  /** A folder that cannot be read stays so for long. */
  const troubles = new Map<string, string>();
  const tellOnce = (place: string, error: unknown): void => {
    const detail = (error as Error).message;
    if (troubles.get(place) === detail) return;
    troubles.set(place, detail);
    log.error({ folder: place, detail }, '台账文件夹读不了，其他文件夹照常读取');
  };

  while (!signal.aborted) {
    try {
      const counties = options.counties();
      for (const county of counties) {
        await lookAtCounty(county).catch((error: unknown) => {
          if (signal.aborted || isGone(error)) throw error;
          tellOnce(join(folder, county.code), error);
        });
      }
      if (counties.length > 0) {
        const codes = new Set(counties.map(({ code }) => code));
        await noteUnread(folder, straysOfStream(stream, await readdir(folder, { withFileTypes: true }), codes));
      }
      if (options.inbox !== undefined) {
        await noteUnread(options.inbox, straysOfInbox(await readdir(options.inbox, { withFileTypes: true })));
      }
      await sleep(pollMs, undefined, { signal });
    } catch (error) {
      if (signal.aborted) return;
      if (!isGone(error)) tellOnce(folder, error);
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
