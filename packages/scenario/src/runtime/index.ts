export { provideSetupResult } from '../authoring/scenario.js';
export { loadBundle, showsUserCode, tidyStack, writeBundle, type BundleFile } from './load.js';
export { installRuntime, type MetricSink } from './runtime.js';
export { selectTasks, TaskStream, type Branch, type Leaf } from './task-tree.js';
