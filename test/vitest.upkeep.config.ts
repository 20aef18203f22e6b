import { defineConfig } from 'vitest/config';
import { onEngines, upkeep } from './vitest.shared.js';

/** What becomes of log and store over the years. */
export default defineConfig(onEngines(upkeep));
