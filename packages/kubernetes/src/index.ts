export { namesOf, renderManifests, renderYaml, toYaml, type Resource } from './render.js';
export { assign, mergeValues } from './values/assign.js';
export { parseValues } from './values/parse.js';
export { valuesYaml } from './chart/values-yaml.js';
export type { KubernetesValues } from './values/values.js';
export { chartFiles } from './chart/files.js';
export { kustomizeFiles } from './chart/kustomize.js';
