import Type from '#typebox';
import { amount, count, shortLabel } from './parts.js';

/** Share of one CPU; above 1 for a process with several busy threads. */
export const cpuShare = Type.Number({ minimum: 0, maximum: 10_000 });

/** Health of a lane. */
export const laneHealth = Type.Object({
  lane: count,
  state: shortLabel,
  /** Current number of users. */
  users: count,
  /** Share of one CPU since the last heartbeat: 0.5 is half a core. */
  cpu: cpuShare,
  /** Share of time in which the event loop was not idle; more than `cpu` if CPUs are overloaded. */
  busy: cpuShare,
  memoryBytes: amount,
  /** Longest delay of its event loop since the last heartbeat, in milliseconds. */
  loopDelayMs: amount,
  /** The delay that 1 % of responses at any time would have exceeded since the last heartbeat. */
  loopDelayP99Ms: amount,
  /** How long the lane has not answered, in milliseconds; 0 while it answers. */
  stalledMs: amount,
});
