export { BlockIndex, BlockIndexWriter, type Block } from './block-index.js';
export {
  adopt,
  artifactPath,
  findArtifact,
  pointTo,
  recall,
  remember,
  removeUnused,
  temporaryPath,
} from './cache.js';
export { cacheDirectory } from './directory.js';
export { DueTimesFile, dueTimesTable, encodeDueTimes } from './due-times-file.js';
