export { readLimits, watchLimits } from './read-limits.js';
