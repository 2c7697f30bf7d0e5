/** Files with a line for each request. */
export { formatOf, headerOf, SAMPLE_ENDINGS } from './line.js';
