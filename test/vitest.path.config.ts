import { defineConfig } from 'vitest/config';
import { faults, onEngines, upkeep } from './vitest.shared.js';

/** What the whole path makes of the data. */
export default defineConfig(onEngines(['test/*.test.ts'], { exclude: [...faults, ...upkeep] }));
