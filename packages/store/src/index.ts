import type { Stream } from '@pingan/contracts';
import type { County } from '@pingan/regions';
import { bodyColumns, envelopeColumns } from './case-columns.js';
import type { CaseRows } from './case-rows.js';
import { caseTable } from './case-tables.js';
import { clearLogData } from './clear-log-data.js';
import { clickHouseAnswers, createClickHouse, insertBlock, type StoreOptions, tellingOf } from './client.js';
import type { ComponentScope } from './component-scope.js';
import * as components from './components.js';
import * as counties from './counties.js';
import * as deadLetters from './dead-letters.js';
import { findCases } from './find-cases.js';
import * as health from './health.js';
import * as logAccount from './log-account.js';
import { migrate } from './migrate.js';
import * as operation from './operation.js';
import * as reconciles from './reconciles.js';
import { redLines } from './red-lines.js';
import { refreshComponents } from './refresh-components.js';
import type { Run, RunHead, RunStory } from './run-rows.js';
import * as runs from './runs.js';

export { type CaseFact, CaseFacts } from './case-facts.js';
export { type CaseOrigin, CaseRows } from './case-rows.js';
export { caseTable } from './case-tables.js';
export { refusedByClickHouse, type StoreOptions } from './client.js';
export type { CaseKey, ComponentScope, Watermark } from './component-scope.js';
export { coveragePrefix } from './component-sql.js';
export { type Component, type ComponentState, generationOf } from './components.js';
export { type StoredScheme, schemeInForce } from './counties.js';
export type { ReplayOutcome, StoredDeadLetter } from './dead-letters.js';
export type { FoundCase } from './find-cases.js';
export type { StreamFreshness, TwinIds, VersionConflict } from './health.js';
export {
  type BlockScope,
  type BlockSum,
  type OffsetRange,
  type StoredPlace,
  type VersionKey,
  versionText,
} from './log-account.js';
export { migrate } from './migrate.js';
export type { StoreDisk, StreamRhythm } from './operation.js';
export type { Reconcile, ReconcileState } from './reconciles.js';
export type { RedLine } from './red-lines.js';
export { catalogueDigest } from './refresh-components.js';
export type {
  Run,
  RunDeduction,
  RunDimension,
  RunHead,
  RunIndicator,
  RunPrior,
  RunStory,
  RunUnit,
} from './run-rows.js';

export type Store = ReturnType<typeof createStore>;

type Scope = ComponentScope;

/** Everything the other rooms may ask of ClickHouse. Connects lazily; call `migrate` once before the first use. */
export function createStore(options: StoreOptions) {
  const client = createClickHouse(options);
  return {
    migrate: () => migrate(options),
    /** Asks over a new connection. @throws when ClickHouse does not answer within three seconds. */
    answers: () => clickHouseAnswers(options),
    close: () => client.close(),
    cases: {
      /** One window, one insert, one token: a retry adds nothing. */
      insertWindow: (stream: Stream, rows: CaseRows, token: string) =>
        insertBlock(client, {
          table: caseTable(stream),
          columns: [...envelopeColumns, ...bodyColumns[stream].map(({ name }) => name)],
          format: 'RowBinary',
          bytes: rows.bytes(),
          token,
        }),
      /** Cases with an id as they stand below the watermark. */
      find: (scope: Scope, caseId: string) => findCases(client, scope, caseId),
    },
    deadLetters: {
      insert: (letters: Parameters<typeof deadLetters.insertDeadLetters>[1], token: string) =>
        deadLetters.insertDeadLetters(client, letters, token),
      list: (limit: number) => deadLetters.listDeadLetters(client, limit),
      get: (id: string) => deadLetters.getDeadLetter(client, id),
      countByReason: () => deadLetters.countDeadLetters(client),
      open: (page: Parameters<typeof deadLetters.openDeadLetters>[1]) => deadLetters.openDeadLetters(client, page),
      recordReplays: (replays: Parameters<typeof deadLetters.recordReplays>[1]) =>
        deadLetters.recordReplays(client, replays),
      countReplayed: () => deadLetters.countReplayed(client),
    },
    counties: {
      list: () => counties.listCounties(client),
      get: (code: string) => counties.getCounty(client, code),
      save: (county: County) => counties.saveCounty(client, county),
    },
    schemes: {
      list: (county: string) => counties.listSchemes(client, county),
      activate: (county: string, scheme: counties.StoredScheme) => counties.activateScheme(client, county, scheme),
    },
    components: {
      /** `onAnswer`: called after each of the statements it takes. */
      refresh: (scope: Scope, onAnswer: () => void = () => undefined) =>
        refreshComponents(tellingOf(client, onAnswer), scope),
      compute: (scope: Scope, months?: readonly string[]) => components.computeComponents(client, scope, months),
      read: (county: string, months?: { from: string; to: string }) =>
        components.readComponents(client, county, months),
      state: (county: string) => components.readComponentState(client, county),
      mark: (county: string) => components.markComponents(client, county),
    },
    /** Red lines below the watermark, by region; `scope.without` leaves one case out. */
    redLines: (scope: Scope) => redLines(client, scope),
    runs: {
      write: (list: readonly Run[]) => runs.writeRuns(client, list),
      writeStories: (stories: readonly RunStory[]) => runs.writeStories(client, stories),
      activate: (heads: readonly RunHead[]) => runs.activateRuns(client, heads),
      current: (county: string, period: string) => runs.currentRun(client, county, period),
      currentAll: (county: string) => runs.currentRuns(client, county),
      units: (runId: string) => runs.runUnits(client, runId),
      unitsOf: (runIds: readonly string[]) => runs.unitsOfRuns(client, runIds),
      dimensions: (runId: string) => runs.runDimensions(client, runId),
      indicators: (runId: string, region?: string) => runs.runIndicators(client, runId, region),
      deductions: (runId: string, region?: string) => runs.runDeductions(client, runId, region),
      priors: (runId: string) => runs.runPriors(client, runId),
    },
    /** What is held of the log, for comparing the two. */
    logAccount: {
      storedBlocks: (stream: Stream, scope: Parameters<typeof logAccount.storedBlocks>[2]) =>
        logAccount.storedBlocks(client, stream, scope),
      letterBlocks: (stream: Stream, scope: Parameters<typeof logAccount.letterBlocks>[2]) =>
        logAccount.letterBlocks(client, stream, scope),
      storedPlaces: (stream: Stream, range: logAccount.OffsetRange, county?: string) =>
        logAccount.storedPlaces(client, stream, range, county),
      letterPlaces: (topic: string, range: logAccount.OffsetRange) => logAccount.letterPlaces(client, topic, range),
      storedVersions: (stream: Stream, keys: readonly logAccount.VersionKey[]) =>
        logAccount.storedVersions(client, stream, keys),
      lastOffsets: (stream: Stream) => logAccount.lastOffsets(client, stream),
    },
    reconciles: {
      record: (done: Parameters<typeof reconciles.recordReconcile>[1]) => reconciles.recordReconcile(client, done),
      last: () => reconciles.lastReconciles(client),
      states: () => reconciles.reconcileStates(client),
    },
    clearLogData: () => clearLogData(client),
    operation: {
      noteArrivals: () => operation.noteArrivals(client),
      rhythms: () => operation.streamRhythms(client),
      disks: () => operation.storeDisks(client),
      clock: () => operation.storeClock(client),
    },
    health: {
      freshness: () => health.streamFreshness(client),
      conflicts: (filter: Parameters<typeof health.versionConflicts>[1]) => health.versionConflicts(client, filter),
      twinIds: (options: Parameters<typeof health.twinIds>[1]) => health.twinIds(client, options),
    },
  };
}
