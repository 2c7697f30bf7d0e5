import Type from '#typebox';
import { startCounts } from './workload-result.js';

const count = Type.Integer({ minimum: 0 });
const instant = Type.String({ description: 'ISO 8601, UTC' });
const ms = Type.Number({ description: 'milliseconds' });

/** A second of a run, or several merged ones. */
export const timelinePoint = Type.Object({
  at: instant,
  users: count,
  plannedUsers: Type.Optional(
    Type.Integer({ minimum: 0, description: 'users that the plan asked for; absent if it asked for none' }),
  ),
  plannedRate: Type.Optional(
    Type.Number({
      minimum: 0,
      description: 'starts per second that the plan asked for; absent if no part of it has a rate',
    }),
  ),
  cutOffUsers: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        'users that unreachable workers may have been running in addition; absent if there were none',
    }),
  ),
  untrusted: Type.Optional(
    Type.Array(Type.String(), {
      description: 'workers that were the bottleneck in this second; absent if there were none',
    }),
  ),
  requests: count,
  failures: count,
  failedChecks: Type.Optional(count),
  exceptions: Type.Optional(
    Type.Integer({ minimum: 0, description: 'thrown by the scenario’s own code in this second' }),
  ),
  starts: Type.Optional(startCounts),
  latencyBands: Type.Optional(
    Type.String({
      description:
        'response times by band, as FIRST:COUNT,COUNT,… from the first band with a count. Band n begins at 0.1 ms × 10^(n/5); band 0 has all times below 0.16 ms, and band 31 has no end',
    }),
  ),
  p50Ms: ms,
  p95Ms: ms,
  p99Ms: ms,
});
