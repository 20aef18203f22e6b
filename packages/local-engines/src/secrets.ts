import { randomBytes } from 'node:crypto';
import { readJson, writeJson } from './files.js';
import { homePaths } from './home.js';
import { ENGINE_NAMES, type EngineName } from './types.js';

export type HomeSecrets = Record<EngineName, string>;

/**
 * Passwords of the engines of this home, made once. They consist of letters and digits only, so they need no quoting in
 * URLs, XML, JAAS and redis.conf.
 */
export function homeSecrets(home: string): HomeSecrets {
  const path = homePaths(home).secrets;
  const saved = readJson(path) as Partial<HomeSecrets> | undefined;
  const secrets = Object.fromEntries(
    ENGINE_NAMES.map((engine) => [engine, saved?.[engine] ?? randomBytes(32).toString('hex')]),
  ) as HomeSecrets;
  if (ENGINE_NAMES.some((engine) => saved?.[engine] === undefined)) writeJson(path, secrets);
  return secrets;
}
