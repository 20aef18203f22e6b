export { adviceFor } from './advice.js';
export { clickhouseSpec } from './clickhouse.js';
export { diskFullText, freeBytes, LEAST_DISK_BYTES } from './disk.js';
export { endpointsToEnv, kafkaAccessOf, readEndpoints } from './endpoints.js';
export { EngineError, type EngineErrorCode } from './errors.js';
export { resolveHome } from './home.js';
export { KAFKA_VERSION, kafkaLibrary } from './kafka-jars.js';
export {
  ensurePrerequisites,
  type MonitoringTool,
  type PrerequisiteOptions,
  type Tool,
  type Tools,
} from './prerequisites.js';
export { checkEngine, checkEngines, type EngineCheck, type EngineChecks } from './probes.js';
export { resetEngines } from './reset.js';
export { type Engines, type StartOptions, startEngines } from './start.js';
export { type ProcessExit, type SupervisedProcess, type SuperviseOptions, superviseProcess } from './supervise.js';
export type { Endpoints, EngineExit, EngineName, EngineStep, Environment, StepLog } from './types.js';
