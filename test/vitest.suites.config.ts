import { defineConfig } from 'vitest/config';
import { onEngines, onEnginesAll } from './vitest.shared.js';

/** Path, faults and upkeep, three files at a time: on two cores most of them wait for an engine or a session. */
export default defineConfig(onEngines(onEnginesAll, { lanes: 3 }));
