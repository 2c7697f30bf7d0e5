import type { RunResult } from '@drumline/client';
import { formatBytes, formatCount, formatNumber, formatShare } from '@drumline/model';
import { formatMs } from '../format.js';
import { Tile } from '../parts/tile.js';

interface Props {
  readonly result: RunResult;
  /** The highest rate of a second, if points of the timeline have more than one. */
  readonly peakRate: number | undefined;
}

/** The key figures of an ended run. */
export function ResultTiles({ result: { totals, timeline }, peakRate: known }: Props) {
  const { latencyMs: latency, requests, failures } = totals;
  const peakUsers = peakOf(timeline.map((point) => point.users));
  const peakRate = known ?? peakOf(timeline.map((point) => point.requests));
  return (
    <section class="tiles" aria-label="Totals">
      <Tile title="Requests" value={formatCount(requests)} detail={extraCounts(totals)} />
      <Tile
        title="Rate"
        value={`${formatNumber(totals.rate)}/s`}
        detail={timeline.length > 0 ? `peak ${formatCount(peakRate)}/s` : ''}
      />
      <Tile
        title="Failures"
        value={formatShare(failures, requests)}
        detail={`${formatCount(failures)} of ${formatCount(requests)}`}
        tone={failures > 0 ? 'bad' : ''}
      />
      <Tile title="p50" value={formatMs(latency.p50)} detail={`mean ${formatMs(latency.mean)}`} />
      <Tile title="p95" value={formatMs(latency.p95)} detail={`p90 ${formatMs(latency.p90)}`} />
      <Tile title="p99" value={formatMs(latency.p99)} detail={`max ${formatMs(latency.max)}`} />
      <Tile
        title="Users, peak"
        value={formatCount(peakUsers)}
        detail={peakUsers === 0 ? '' : `${formatNumber(totals.rate / peakUsers)}/s each`}
      />
      <Tile
        title="Received"
        value={formatBytes(totals.bytesReceived)}
        detail={`sent ${formatBytes(totals.bytesSent)}`}
      />
    </section>
  );
}

/** Additions to the number of requests. */
function extraCounts({ interrupted, resends = 0 }: RunResult['totals']): string {
  return [
    ...(interrupted > 0 ? [`${formatCount(interrupted)} interrupted`] : []),
    ...(resends > 0 ? [`${formatCount(resends)} resent`] : []),
  ].join(', ');
}

function peakOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
