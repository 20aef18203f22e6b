import type { Dirent } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stream, streamNames, streams } from '@pingan/contracts';
import { ERROR_SUFFIX } from './inbox-names.js';
import { writeWhole } from './json-file.js';

/** Begins the note beside a file or folder that nobody reads, so that it is known as such and goes when it is read. */
export const UNREAD = '没有读取：';

const streamList = streams.map((stream) => `${stream}（${streamNames[stream]}）`).join('、');

/** Nothing that a person has put there. */
const isOurs = (name: string) =>
  name.startsWith('.') || name === 'lost+found' || name.endsWith('.tmp') || name.endsWith(ERROR_SUFFIX);

function strayReason(entry: Dirent): string {
  if (!entry.isDirectory()) return `台账应放在 数据流/县代码/ 下，数据流为 ${streamList}`;
  const meant = streams.find((stream) => streamNames[stream] === entry.name || stream === entry.name.toLowerCase());
  return `文件夹名“${entry.name}”不是数据流${meant ? `，应为 ${meant}` : ''}；数据流为 ${streamList}`;
}

const isStream = (name: string) => streams.some((stream) => stream === name);

/** What lies directly in the inbox and is no folder of a stream, with the reason. */
export const straysOfInbox = (entries: readonly Dirent[]): Map<string, string> =>
  new Map(
    entries
      .filter((entry) => !isOurs(entry.name) && !(entry.isDirectory() && isStream(entry.name)))
      .map((entry) => [entry.name, strayReason(entry)]),
  );

/** The same for a stream's folder, where every registered county has one. */
export const straysOfStream = (
  stream: Stream,
  entries: readonly Dirent[],
  counties: ReadonlySet<string>,
): Map<string, string> =>
  new Map(
    entries
      .filter((entry) => !isOurs(entry.name) && !(entry.isDirectory() && counties.has(entry.name)))
      .map((entry) => [
        entry.name,
        entry.isDirectory() ? unknownCounty(entry.name) : `台账应放在 ${stream}/县代码/ 下`,
      ]),
  );

export const unknownCounty = (name: string) =>
  `文件夹名 ${name} 不是已登记的县代码；请改正文件夹名，或先用 pingan county add 登记`;

/** Why a ledger in the right folder is not read. */
export function unmatchedReason(name: string, mappings: readonly string[], broken: readonly string[] = []): string {
  if (/\.(xlsx?|xlsm|et)$/i.test(name)) return 'Excel、WPS 表格不能直接读取，请另存为 CSV UTF-8';
  if (mappings.length === 0) return '文件夹中没有映射文件（名称.mapping.yaml）';
  if (broken.length > 0) return `映射文件有误，见 ${broken.map((file) => file + ERROR_SUFFIX).join('、')}`;
  return `没有映射的 files 与文件名相符（映射文件：${mappings.join('、')}）`;
}

/** Puts a note beside everything in a folder that is not read, and takes away those that are not true any more. */
export async function noteUnread(folder: string, unread: ReadonlyMap<string, string>): Promise<void> {
  const notes = new Set((await readdir(folder)).filter((name) => name.endsWith(ERROR_SUFFIX)));
  for (const [name, reason] of unread) {
    const note = name + ERROR_SUFFIX;
    const text = `${UNREAD}${reason}\n`;
    const before = notes.delete(note) ? await readFile(join(folder, note), 'utf8').catch(() => '') : '';
    // What was found wrong in reading it says more.
    if (before === '' || (before.startsWith(UNREAD) && before !== text)) await writeWhole(join(folder, note), text);
  }
  for (const note of notes) {
    const text = await readFile(join(folder, note), 'utf8').catch(() => '');
    if (text.startsWith(UNREAD)) await rm(join(folder, note), { force: true });
  }
}
