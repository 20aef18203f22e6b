import { Refusal, type RefusalKind, unavailable } from '@pingan/contracts';
import { adviceFor, checkEngines, type EngineName, readEndpoints, resolveHome } from '@pingan/local-engines';
import { readStatus, type Status, summarise, summaryText } from '@pingan/operations';
import { PATIENCE_MS } from '@pingan/runtime';
import { closeContext, type Output, openInstallation } from '../context.js';
import { spreadsheet } from '../csv.js';
import { printJson, printParts } from '../print.js';
import { type Section, sectionCells, statusSections } from './status-sections.js';

/** @throws Refusal (unavailable) where nothing says what engines there are. */
async function statusNow(): Promise<Status> {
  const home = resolveHome(process.env);
  const endpoints = readEndpoints({ home, env: process.env });
  if (!endpoints) throw unavailable(`没有找到正在运行的引擎。${adviceFor({ home, env: process.env, engines: [] })}`);
  const engines = await checkEngines(endpoints, process.env, PATIENCE_MS);
  const installation = openInstallation(home, endpoints);
  try {
    return await readStatus({ ...installation, engines });
  } finally {
    await closeContext(installation);
  }
}

function printStatus(output: Output, status: Status, format: 'table' | 'json' | 'csv', summary: string): void {
  const sections = statusSections(status);
  if (format === 'json') printJson(output.out, status);
  else if (format === 'csv') output.out(spreadsheet(sectionCells([{ title: '结论', parts: [summary] }, ...sections])));
  else printSections(output, sections, summary);
}

function printSections(output: Output, sections: readonly Section[], summary: string): void {
  for (const [i, { title, parts }] of sections.entries()) {
    output.out(`${i > 0 ? '\n' : ''}${title}`);
    printParts(output, parts);
  }
  output.out(`\n${summary}`);
}

const kinds: Record<1 | 3, RefusalKind> = { 1: 'failed', 3: 'unavailable' };

/** `pingan status`. */
export async function statusCommand(output: Output, options: { format: 'table' | 'json' | 'csv' }): Promise<void> {
  const status = await statusNow();
  const summary = summarise(status);
  printStatus(output, status, options.format, summaryText(summary));
  const down = (Object.keys(status.engines) as EngineName[]).filter((engine) => !status.engines[engine].ok);
  const advice = down.length > 0 ? adviceFor({ home: resolveHome(process.env), env: process.env, engines: down }) : '';
  if (summary.status === 0) return;
  const list = options.format === 'table' ? '，见上' : `：${summary.problems.join('；')}`;
  throw new Refusal(kinds[summary.status], `有 ${summary.problems.length} 个问题${list}。${advice}`);
}
