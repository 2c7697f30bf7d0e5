export { bundleScenario, type ScenarioBundle } from './bundle.js';
export { checkScenario, type CheckedScenario } from './check.js';
export { ScenarioHost } from './host.js';
