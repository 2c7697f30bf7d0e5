import { csvLine, statusText, timesParts, type CsvCell } from '@drumline/model';
import {
  decodeHistogram,
  summarize,
  type IntervalClosed,
  type IntervalCorrected,
  type SeriesDelta,
} from '@drumline/stats';
import { LineOutput } from '../line-output.js';
import type { OutputRun } from '../output.js';

const SERIES_COLUMNS = ['protocol', 'method', 'name', 'user', 'tags', 'part'];
const COUNT_COLUMNS = ['requests', 'failures', 'interrupted', 'bytes_sent', 'bytes_received'];
const TIME_COLUMNS = ['mean_ms', 'p50_ms', 'p90_ms', 'p95_ms', 'p99_ms', 'max_ms'];
const COLUMNS = [
  'second',
  'at',
  'correction',
  ...SERIES_COLUMNS,
  ...COUNT_COLUMNS,
  ...TIME_COLUMNS,
  'statuses',
  'errors',
];

/** Writes a row for each series of each second. Corrections are rows, too. */
export class CsvOutput extends LineOutput {
  private startedAtMs = 0;

  /** @param append whether the rows of earlier runs are kept */
  constructor(
    path: string,
    private readonly append: boolean,
  ) {
    super(path);
  }

  override async open(run: OutputRun): Promise<void> {
    this.startedAtMs = Date.parse(run.startedAt);
    await this.file.begin(run, csvLine(COLUMNS), this.append);
  }

  override interval({ second, counts }: IntervalClosed): string | undefined {
    return this.rows(second, counts.series, 0);
  }

  override correction({ second, counts }: IntervalCorrected): string | undefined {
    return this.rows(second, counts.series, 1);
  }

  private rows(second: number, series: readonly SeriesDelta[], correction: 0 | 1): string | undefined {
    if (series.length === 0) return undefined;
    const at = new Date(this.startedAtMs + second * 1_000).toISOString();
    return series.map((one) => csvLine([second, at, correction, ...cellsOf(one)])).join('');
  }
}

function cellsOf({ key, errors, statuses = [], ...counts }: SeriesDelta): CsvCell[] {
  const tags = key.tags.map(([name, value]) => `${name}=${value}`).join(' ');
  return [
    key.protocol,
    key.method,
    key.name,
    key.user,
    tags,
    timesParts(key) ? 1 : 0,
    counts.requests,
    counts.failures,
    counts.interrupted,
    counts.bytesSent,
    counts.bytesReceived,
    ...timesOf(counts.latency),
    statuses.map(([code, requests]) => `${statusText(code)}=${requests}`).join(' '),
    errors.map(({ error, occurrences }) => `${occurrences} × ${error}`).join('; '),
  ];
}

/** Empty if the response times follow in a later second, because the master was busy. */
function timesOf(latency: Uint8Array): CsvCell[] {
  const histogram = decodeHistogram(latency);
  if (histogram.count === 0) return ['', '', '', '', '', ''];
  const { mean, p50, p90, p95, p99, max } = summarize(histogram);
  return [mean, p50, p90, p95, p99, max];
}
