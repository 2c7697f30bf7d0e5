export { bundleScenario, stopBundler, type ScenarioBundle } from './bundle.js';
export { withSourceDirectory } from './source-directory.js';
export { checkScenario } from './check.js';
export { ScenarioHost, type CheckedScenario } from './host.js';
export type { HookCall, ScenarioDescription } from './host-protocol.js';
export {
  findBundlingErrors,
  findTypeProblems,
  type CodeProblem,
  type ScenarioCode,
} from './code-problems.js';
