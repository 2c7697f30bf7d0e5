export {
  scenarioFromCurl,
  scenarioFromHar,
  scenarioFromOpenapi,
  type GeneratedScenario,
  type GenerateOptions,
  type HarOptions,
} from './generate.js';
export { projectFiles } from './project.js';
export type { SourceText } from './source/source-text.js';
export type { Language } from './code/doc.js';
export { hostNameOf } from './recording/site.js';
