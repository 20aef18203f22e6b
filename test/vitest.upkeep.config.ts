import { defineConfig } from 'vitest/config';
import { onEngines, upkeep } from './vitest.shared.js';

/** What becomes of log and store over the years; on engines of their own. */
export default defineConfig(onEngines(upkeep, []));
