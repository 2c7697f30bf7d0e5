/**
 * What processes use that start others with a bundle: `@drumline/scenario/parent`. It does not load
 * the scenario API.
 */
export { writeBundle, type BundleFile } from './runtime/bundle-file.js';
export { showsUserCode, tidyStack } from './runtime/stack.js';
