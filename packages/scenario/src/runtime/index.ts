export { CUSTOM_SAMPLE_KEYS, REQUEST_NAME_KEYS } from '../authoring/option-keys.js';
export { provideSetupResult } from '../authoring/scenario.js';
export { declarations, type DeclaredService } from './grpc-declarations.js';
export { requireBundledSchema, sourceKey, type SchemaSource } from './grpc-sources.js';
export { loadBundle, showsUserCode, tidyStack, writeBundle, type BundleFile } from './load.js';
export { installEnvironment, watchForUnset } from './environment.js';
export { installGrpc, installRuntime, type MetricSink } from './runtime.js';
export { installSecrets } from './secrets.js';
export { selectTasks, TaskStream, type Branch, type Leaf } from './task-tree.js';
