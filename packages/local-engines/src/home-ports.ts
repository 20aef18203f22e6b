import { readJson, writeJson } from './files.js';
import { homePaths } from './home.js';
import { type ReservedPort, reservePort } from './ports.js';
import type { EngineName } from './types.js';

type PortName = EngineName | 'kafkaController';

const USUAL: Readonly<Record<PortName, number>> = { kafka: 9092, kafkaController: 9093, redis: 6379, clickhouse: 8123 };

export interface HomePorts {
  port(name: PortName): number;
  release(): void;
}

/** Ports for the engines: the ones this home had before, else the usual ones, else spare ones. */
export async function reserveHomePorts(options: { home: string; engines: readonly EngineName[] }): Promise<HomePorts> {
  const path = homePaths(options.home).ports;
  const saved = readSaved(path);
  const reserved = new Map<PortName, ReservedPort>();
  const release = () => {
    for (const { release } of reserved.values()) release();
    reserved.clear();
  };
  try {
    for (const engine of options.engines) {
      const names: PortName[] = engine === 'kafka' ? ['kafka', 'kafkaController'] : [engine];
      for (const name of names) {
        const before = saved[name];
        const preferred = before === undefined ? [USUAL[name]] : [before, USUAL[name]];
        reserved.set(name, await reservePort({ engine, preferred }));
      }
    }
  } catch (error) {
    release();
    throw error;
  }
  const ports = new Map([...reserved].map(([name, { port }]) => [name, port]));
  writeJson(path, { ...saved, ...Object.fromEntries(ports) });
  return {
    port: (name) => {
      const port = ports.get(name);
      if (port === undefined) throw new Error(`no port was reserved for ${name}`);
      return port;
    },
    release,
  };
}

function readSaved(path: string): Partial<Record<PortName, number>> {
  const content = readJson(path);
  if (typeof content !== 'object' || content === null) return {};
  const entries = Object.entries(content).filter(([name, port]) => name in USUAL && Number.isInteger(port));
  return Object.fromEntries(entries);
}
