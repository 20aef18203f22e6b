import type { Basis, Stream } from '@pingan/contracts';
import type { County } from '@pingan/regions';
import * as backup from './backup.js';
import * as blockSums from './block-sums.js';
import { bodyColumns, envelopeColumns } from './case-columns.js';
import { casePlaces } from './case-places.js';
import type { CaseRows } from './case-rows.js';
import { caseTable } from './case-tables.js';
import { clickHouseAnswers, createClickHouse, insertBlock, type StoreOptions, tellingOf } from './client.js';
import type { ComponentScope, Watermark } from './component-scope.js';
import * as components from './components.js';
import * as conflicts from './conflicts.js';
import * as counties from './counties.js';
import * as countyData from './county-data.js';
import * as deadLetters from './dead-letters.js';
import * as deliveries from './deliveries.js';
import { findCases } from './find-cases.js';
import * as health from './health.js';
import * as logAccount from './log-account.js';
import * as logs from './logs.js';
import { migrate } from './migrate.js';
import * as operation from './operation.js';
import { notePlanned, type PlannedRow, plannedMoves } from './planned-moves.js';
import * as pruning from './prune-runs.js';
import * as publications from './publications.js';
import * as reconciles from './reconciles.js';
import { redLines } from './red-lines.js';
import { refreshComponents } from './refresh-components.js';
import type { Run, RunHead, RunStory } from './run-rows.js';
import * as runs from './runs.js';
import * as schemes from './schemes.js';
import * as shadow from './shadow.js';
import * as unplaced from './unplaced.js';
import * as zeroReports from './zero-reports.js';

export type { FrozenTable, RestoreNote, StoreBackup } from './backup.js';
export type { BlockMark, NotedBlock } from './block-sums.js';
export { type CaseFact, CaseFacts } from './case-facts.js';
export type { CasePlace } from './case-places.js';
export { type CaseOrigin, CaseRows, occurredMs } from './case-rows.js';
export { caseTable } from './case-tables.js';
export { refusedByClickHouse, type StoreOptions } from './client.js';
export type { CaseKey, ComponentScope, Watermark } from './component-scope.js';
export { coveragePrefix, reportedPrefix } from './component-sql.js';
export { type Component, type ComponentState, generationOf, markedCatalogue } from './components.js';
export type { CountyExtent, CountyStart } from './county-data.js';
export type { Acknowledgement, LetterCount, ReplayOutcome, StoredDeadLetter } from './dead-letters.js';
export type { CaseNote, DeliveryAccount, DeliveryScope, SourceKey, StoredVersion } from './deliveries.js';
export type { FoundCase } from './find-cases.js';

export type { StreamFreshness, TwinIds, VersionConflict } from './health.js';
export { instantMs } from './instants.js';

export {
  type BlockScope,
  type BlockSum,
  type OffsetRange,
  type StoredPlace,
  type VersionKey,
  versionText,
} from './log-account.js';
export type { KnownLog, LogExtent, Reach, VersionsBefore } from './logs.js';
export { migrate } from './migrate.js';
export type { DetachedParts, StoreDisk, StreamRhythm } from './operation.js';
export type { MovedCase, PlannedMoves, PlannedRow } from './planned-moves.js';
export type { Reconcile, ReconcileKind, ReconcileState } from './reconciles.js';
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
  ShownRun,
} from './run-rows.js';

export { ALWAYS, type NewScheme, type SchemeDecision, type StoredScheme, schemeInForce } from './schemes.js';
export type { UnplacedCount, UnplacedFile, UnplacedRow } from './unplaced.js';
export type { ZeroReport } from './zero-reports.js';

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
      /** Where the cases of a county occurred, by month. */
      places: (county: Pick<County, 'code' | 'timeZone'>) => casePlaces(client, county),
    },
    deadLetters: {
      insert: (letters: Parameters<typeof deadLetters.insertDeadLetters>[1], token: string) =>
        deadLetters.insertDeadLetters(client, letters, token),
      list: (limit: number) => deadLetters.listDeadLetters(client, limit),
      get: (id: string) => deadLetters.getDeadLetter(client, id),
      existing: (ids: readonly string[]) => deadLetters.existingDeadLetters(client, ids),
      countByReason: () => deadLetters.countDeadLetters(client),
      countOpen: () => deadLetters.countOpenDeadLetters(client),
      openIds: (reason: Parameters<typeof deadLetters.openLetterIds>[1]) => deadLetters.openLetterIds(client, reason),
      acknowledge: (ids: readonly string[], by: Parameters<typeof deadLetters.acknowledgeLetters>[2]) =>
        deadLetters.acknowledgeLetters(client, ids, by),
      countAcknowledged: () => deadLetters.countAcknowledged(client),
      open: (page: Parameters<typeof deadLetters.openDeadLetters>[1]) => deadLetters.openDeadLetters(client, page),
      recordReplays: (replays: Parameters<typeof deadLetters.recordReplays>[1]) =>
        deadLetters.recordReplays(client, replays),
      countReplayed: () => deadLetters.countReplayed(client),
      settleStored: () => deadLetters.settleStoredLetters(client),
    },
    /** What became of one delivery of a ledger. */
    deliveries: {
      countVersions: (key: deliveries.SourceKey, range: { from: number; to: number }) =>
        deliveries.countVersions(client, key, range),
      versionsIn: (key: deliveries.SourceKey, range: { from: number; to: number }) =>
        deliveries.versionsIn(client, key, range),
      noteSent: (delivery: string, sent: Parameters<typeof deliveries.noteSent>[2]) =>
        deliveries.noteSent(client, delivery, sent),
      account: (scope: deliveries.DeliveryScope) => deliveries.accountOf(client, scope),
      notePlanned: (plan: string, planned: readonly PlannedRow[]) => notePlanned(client, plan, planned),
      /** Cases that a plan would move to another month or region. */
      plannedMoves: (scope: Parameters<typeof plannedMoves>[1]) => plannedMoves(client, scope),
      forget: (delivery: string) => deliveries.forgetSent(client, delivery),
    },
    counties: {
      list: () => counties.listCounties(client),
      get: (code: string) => counties.getCounty(client, code),
      save: (county: County) => counties.saveCounty(client, county),
      remove: (code: string) => countyData.removeCounty(client, code),
    },
    /** What is stored of a county, and from where in the log on its messages count. */
    countyData: {
      extent: (county: string) => countyData.countyExtent(client, county),
      clear: (county: string) => countyData.clearCounty(client, county),
      noteStart: (county: string, watermark: Watermark) => countyData.noteStart(client, county, watermark),
      starts: () => countyData.countyStarts(client),
    },
    schemes: {
      list: (county: string) => schemes.listSchemes(client, county),
      decisions: (county: string) => schemes.listDecisions(client, county),
      activate: (county: string, scheme: schemes.NewScheme) => schemes.activateScheme(client, county, scheme),
      /** What `migrate` does for counties registered before schemes were frozen: for rows that came later, from a backup. */
      freeze: () => schemes.freezeSchemes(client),
    },
    components: {
      /** `onAnswer`: called after each of the statements it takes. */
      refresh: (scope: Scope, onAnswer: () => void = () => undefined) =>
        refreshComponents(tellingOf(client, onAnswer), scope),
      compute: (scope: Scope, months?: readonly string[]) => components.computeComponents(client, scope, months),
      read: (county: string, months?: { from: string; to: string }) =>
        components.readComponents(client, county, months),
      state: (county: string) => components.readComponentState(client, county),
      /** Months with components that were written after those of a watermark. */
      monthsWrittenAfter: (county: string, watermark: components.ComponentState['watermark']) =>
        components.monthsWrittenAfter(client, county, watermark),
      mark: (county: string) => components.markComponents(client, county),
    },
    /** Red lines below the watermark, by region; `scope.without` leaves one case out. */
    redLines: (scope: Scope) => redLines(client, scope),
    runs: {
      write: (list: readonly Run[]) => runs.writeRuns(client, list),
      writeStories: (stories: readonly RunStory[]) => runs.writeStories(client, stories),
      activate: (heads: readonly RunHead[]) => runs.activateRuns(client, heads),
      current: (county: string, period: string, basis: Basis = 'latest') =>
        runs.shownRun(client, { county, period, basis }),
      currentAll: (county: string, basis: Basis = 'latest') => runs.shownRuns(client, county, basis),
      publish: (heads: readonly RunHead[]) => publications.publishRuns(client, heads),
      publishedMonths: (county: string) => publications.publishedMonths(client, county),
      units: (runId: string) => runs.runUnits(client, runId),
      unitsOf: (runIds: readonly string[]) => runs.unitsOfRuns(client, runIds),
      dimensions: (runId: string) => runs.runDimensions(client, runId),
      indicators: (runId: string, region?: string) => runs.runIndicators(client, runId, region),
      deductions: (runId: string, region?: string) => runs.runDeductions(client, runId, region),
      priors: (runId: string) => runs.runPriors(client, runId),
      prunable: (days: number) => pruning.prunableRuns(client, days),
      delete: (runIds: readonly string[]) => pruning.deleteRuns(client, runIds),
      recordPrune: (count: number) => pruning.recordPrune(client, count),
      lastPrune: () => pruning.lastPrune(client),
      keep: (runId: string, reason: string) => pruning.keepRun(client, runId, reason),
    },
    unplaced: {
      note: (file: unplaced.UnplacedFile) => unplaced.noteUnplaced(client, file),
      counts: (county: string) => unplaced.unplacedCounts(client, county),
    },
    zeroReports: {
      list: (county: string) => zeroReports.listZeroReports(client, county),
      record: (county: string, report: Parameters<typeof zeroReports.recordZeroReport>[2]) =>
        zeroReports.recordZeroReport(client, county, report),
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
      firstPlaces: (stream: Stream) => logAccount.firstPlaces(client, stream),
    },
    /** Which Kafka topics the positions in the tables belong to. */
    logs: {
      known: () => logs.knownLogs(client),
      note: (known: Parameters<typeof logs.noteLogs>[1]) => logs.noteLogs(client, known),
      reach: () => logs.storedReach(client),
      versionsBefore: (stream: Stream, from: Watermark, county?: string) =>
        logs.versionsBefore(client, stream, from, county),
    },
    /** What was found good when the log was last compared, for noticing what vanished since. */
    blocks: {
      marks: (stream: Stream, scope: Parameters<typeof blockSums.blockMarks>[2]) =>
        blockSums.blockMarks(client, stream, scope),
      noted: () => blockSums.notedBlocks(client),
      note: (blocks: readonly blockSums.NotedBlock[]) => blockSums.noteBlocks(client, blocks),
    },
    reconciles: {
      record: (done: Parameters<typeof reconciles.recordReconcile>[1]) => reconciles.recordReconcile(client, done),
      last: () => reconciles.lastReconciles(client),
      states: () => reconciles.reconcileStates(client),
      lastAttempt: () => reconciles.lastAttempt(client),
    },
    backup: {
      /** Close it. */
      open: () => backup.openStoreBackup(options),
      migrations: () => backup.appliedMigrations(client),
      bytes: () => backup.storedBytes(client),
      countiesWithCases: () => backup.countiesWithCases(client),
      lastRestore: () => backup.lastRestore(client),
      noteRestore: (note: backup.RestoreNote) => backup.noteRestore(client, note),
    },
    /** A second database of the same schema, in which everything that follows from the log is made again. */
    shadow: {
      drop: (database: string) => shadow.dropDatabase(client, database),
      missing: (stream: Stream, database: string) => shadow.versionsMissingIn(client, stream, database),
      keepCopy: (database: string) => shadow.keepCopy(client, database),
      takeOver: (database: string) => shadow.takeOver(client, database),
    },
    operation: {
      noteArrivals: () => operation.noteArrivals(client),
      rhythms: () => operation.streamRhythms(client),
      disks: () => operation.storeDisks(client),
      clock: () => operation.storeClock(client),
      detachedParts: () => operation.detachedParts(client),
      firstUse: () => operation.firstUse(client),
    },
    health: {
      freshness: () => health.streamFreshness(client),
      conflicts: (filter: Parameters<typeof health.versionConflicts>[1]) => health.versionConflicts(client, filter),
      searchConflicts: () => conflicts.searchConflicts(client),
      notedConflicts: (page: { limit: number }) => conflicts.notedConflicts(client, page),
      twinIds: (options: Parameters<typeof health.twinIds>[1]) => health.twinIds(client, options),
    },
  };
}
