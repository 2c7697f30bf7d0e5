/** What lanes use: `@drumline/wire/lane`. It loads neither the schemas of messages nor ZeroMQ. */
export { countedInterval } from './counted.js';
export { MAX_FINDINGS } from './messages/max-findings.js';
