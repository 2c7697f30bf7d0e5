import type { TotalsResult } from '@drumline/client';
import { formatBytes, formatCount, formatMs, formatRate, formatShare } from '../../format.js';

/** A figure of each series. */
export interface Column {
  /** As the control API sorts by it. */
  readonly field: string;
  readonly title: string;
  readonly read: (series: TotalsResult) => string;
}

export const COLUMNS: readonly Column[] = [
  { field: 'requests', title: 'Requests', read: ({ requests }) => formatCount(requests) },
  { field: 'failures', title: 'Failures', read: ({ failures }) => formatCount(failures) },
  {
    field: 'share',
    title: 'Share',
    read: ({ failures, requests }) => (requests === 0 ? '–' : formatShare(failures / requests)),
  },
  { field: 'rate', title: 'Rate', read: ({ rate }) => formatRate(rate) },
  { field: 'mean', title: 'Mean', read: ({ latencyMs }) => formatMs(latencyMs.mean) },
  { field: 'p50', title: 'p50', read: ({ latencyMs }) => formatMs(latencyMs.p50) },
  { field: 'p90', title: 'p90', read: ({ latencyMs }) => formatMs(latencyMs.p90) },
  { field: 'p95', title: 'p95', read: ({ latencyMs }) => formatMs(latencyMs.p95) },
  { field: 'p99', title: 'p99', read: ({ latencyMs }) => formatMs(latencyMs.p99) },
  { field: 'p99.9', title: 'p99.9', read: ({ latencyMs }) => formatMs(latencyMs.p99_9) },
  { field: 'max', title: 'Max', read: ({ latencyMs }) => formatMs(latencyMs.max) },
  { field: 'sent', title: 'Sent', read: ({ bytesSent }) => formatBytes(bytesSent) },
  { field: 'received', title: 'Received', read: ({ bytesReceived }) => formatBytes(bytesReceived) },
];
/** The fields of the columns that are shown at first. */
export const SHOWN = 'requests,failures,rate,mean,p50,p95,p99,max';
/** Of a table that is not for reading on the spot only. */
export const SHOWN_WHOLE = 'requests,failures,share,rate,mean,p50,p90,p95,p99,p99.9,max,received';
