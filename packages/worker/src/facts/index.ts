export { readLimits, watchLimits } from './read-limits.js';
export { clockOffset, examineWorkerPort } from './network/master.js';
export { proxyVariables } from './network/proxies.js';
export { examineTarget } from './network/target.js';
