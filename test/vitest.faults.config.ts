import { defineConfig } from 'vitest/config';
import { faults, onEngines } from './vitest.shared.js';

/** What becomes of the data when something breaks. */
export default defineConfig(onEngines(faults));
