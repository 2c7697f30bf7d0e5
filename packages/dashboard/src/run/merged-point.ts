import { readBands, writeBands } from '@drumline/model';
import type { TimelinePoint } from '@drumline/client';

/** Adds a second to a point of several. Its quantiles become the highest of them. */
export function mergedPoint(one: TimelinePoint, other: TimelinePoint): TimelinePoint {
  const sum = (read: (point: TimelinePoint) => number | undefined): number =>
    (read(one) ?? 0) + (read(other) ?? 0);
  const most = (read: (point: TimelinePoint) => number | undefined): number =>
    Math.max(read(one) ?? 0, read(other) ?? 0);
  const untrusted = [...new Set([...(one.untrusted ?? []), ...(other.untrusted ?? [])])];
  const latencyBands = bandsText(one, other);
  return {
    at: one.at,
    users: most(({ users }) => users),
    plannedUsers: most(({ plannedUsers }) => plannedUsers),
    ...((one.plannedRate ?? other.plannedRate) !== undefined && {
      plannedRate: most(({ plannedRate }) => plannedRate),
    }),
    ...(untrusted.length > 0 && { untrusted }),
    requests: sum(({ requests }) => requests),
    failures: sum(({ failures }) => failures),
    failedChecks: sum(({ failedChecks }) => failedChecks),
    exceptions: sum(({ exceptions }) => exceptions),
    ...((one.starts ?? other.starts) && {
      starts: {
        started: sum(({ starts }) => starts?.started),
        late: sum(({ starts }) => starts?.late),
        dropped: sum(({ starts }) => starts?.dropped),
        skipped: sum(({ starts }) => starts?.skipped),
      },
    }),
    ...(latencyBands !== undefined && { latencyBands }),
    p50Ms: most(({ p50Ms }) => p50Ms),
    p95Ms: most(({ p95Ms }) => p95Ms),
    p99Ms: most(({ p99Ms }) => p99Ms),
  };
}

/** The sum of their bands, as text. */
function bandsText(...points: readonly TimelinePoint[]): string | undefined {
  const counts: number[] = [];
  for (const { latencyBands } of points)
    for (const { band, count } of readBands(latencyBands)) counts[band] = (counts[band] ?? 0) + count;
  return writeBands(counts);
}
