import type { TotalsResult } from '@drumline/client';
import { describeStatuses } from '@drumline/model';
import { formatBytes, formatClock, formatCount, formatMs, formatRate, formatShare } from '../format.js';
import { Tile } from '../parts/tile.js';
import { ResultTiles } from '../result/tiles.js';
import type { RunSource } from '../run/run-source.js';

interface Props {
  readonly run: RunSource;
  /** Of a run that goes on. */
  readonly totals: TotalsResult | undefined;
}

/** The most important figures. */
export function Tiles({ run, totals }: Props) {
  const result = run.result.value;
  return result ? (
    <ResultTiles result={result} peakRate={run.peakRate} />
  ) : (
    <LiveTiles run={run} totals={totals} />
  );
}

function LiveTiles({ run, totals }: Props) {
  const status = run.status.value;
  const last = run.tick.value >= 0 ? run.timeline.last : undefined;
  if (!status || !totals) return <div class="tiles" aria-busy="true" />;
  const { requests, failures, latencyMs } = totals;
  const share = requests === 0 ? 0 : failures / requests;
  const statuses = describeStatuses(totals.statuses);
  return (
    <>
      <div class="tiles">
        <Tile
          title="Requests"
          value={formatCount(requests)}
          detail={`${formatRate(last?.requests ?? 0)} now`}
        />
        <Tile
          title="Failures"
          value={formatCount(failures)}
          detail={`${formatShare(share)} of all requests`}
          tone={failures > 0 ? 'bad' : ''}
        />
        <Tile title="p50" value={formatMs(latencyMs.p50)} detail={`mean ${formatMs(latencyMs.mean)}`} />
        <Tile
          title="p95"
          value={formatMs(latencyMs.p95)}
          detail={last ? `${formatMs(last.p95Ms)} now` : ''}
        />
        <Tile title="p99" value={formatMs(latencyMs.p99)} detail={`max ${formatMs(latencyMs.max)}`} />
        <Tile
          title="Users"
          value={formatCount(status.users)}
          detail={
            status.plannedRate === undefined
              ? `${formatCount(status.plannedUsers)} planned`
              : `${formatRate(status.plannedRate)} planned`
          }
        />
        <Tile
          title="Time"
          value={formatClock(status.elapsedMs / 1_000)}
          detail={
            status.plannedMs === null ? 'until it is stopped' : `of ${formatClock(status.plannedMs / 1_000)}`
          }
        />
        <Tile
          title="Received"
          value={formatBytes(totals.bytesReceived)}
          detail={`${formatBytes(totals.bytesSent)} sent`}
        />
      </div>
      {statuses !== undefined && <p class="muted statuses">Responses by status: {statuses}</p>}
    </>
  );
}
