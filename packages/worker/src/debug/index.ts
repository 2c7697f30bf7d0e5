/** Trying a scenario with one user in this process. */
export type * from './events.js';
export type { DebugCounts } from './observer.js';
export { DebugSession, type DebugOptions } from './session.js';
