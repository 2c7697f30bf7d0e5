import type { IntervalClosed, IntervalsReset } from '@drumline/stats';
import { snappyBlock } from '../encoding/snappy.js';
import {
  CREDENTIAL_OPTIONS,
  HEADER_OPTION,
  readCredentials,
  readHeaders,
  type Credentials,
} from '../http/credentials.js';
import { post } from '../http/post.js';
import { OptionReader } from '../option-reader.js';
import type { Output, OutputEnd, OutputFactory, OutputRun, OutputSpec } from '../output.js';
import { NAME_OPTIONS, readNames, type MetricsOf } from '../prometheus/names.js';
import { seriesOf, writeRequest, writeRequest2, type WriteSeries } from '../prometheus/write-request.js';
import { CumulativeOutput } from '../sums/cumulative-output.js';

/** The most series of a request; receivers limit its size. */
const MAX_SERIES = 2_000;
const DEFAULT_EVERY_S = 5;
/** How long after the last values the series end. */
const STALE_AFTER_MS = 1_000;

const EXAMPLE = 'prometheus-remote-write=http://localhost:9090/api/v1/write';

export const remoteWrite: OutputFactory = {
  name: 'prometheus-remote-write',
  help: {
    text: 'Send metrics to Prometheus, Mimir or a compatible service',
    example: EXAMPLE,
    options: [
      { name: 'every', text: 'Seconds between two values', standard: String(DEFAULT_EVERY_S) },
      { name: 'histograms', text: 'classic or native', standard: 'classic' },
      { name: 'version', text: 'Version of remote write: 1 or 2', standard: '1' },
      ...NAME_OPTIONS,
      ...CREDENTIAL_OPTIONS,
      HEADER_OPTION,
    ],
  },
  create(spec: OutputSpec): Output {
    const reader = new OptionReader(spec);
    const credentials = readCredentials(reader, reader.requireUrl(EXAMPLE));
    const metricsOf = readNames(reader);
    const settings: Settings = {
      version: reader.choice('version', ['1', '2'], '1'),
      histograms: reader.choice('histograms', ['classic', 'native'], 'classic'),
      everySeconds: reader.wholeNumber('every', { min: 1, max: 60 }, DEFAULT_EVERY_S),
      headers: readHeaders(reader, spec.options),
    };
    reader.done();
    return new RemoteWriteOutput(credentials!, metricsOf, settings);
  },
};

interface Settings {
  readonly version: '1' | '2';
  readonly histograms: 'classic' | 'native';
  readonly everySeconds: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Requests that are sent one after the other. Those that were sent are removed. */
type Batch = Uint8Array[];

class RemoteWriteOutput extends CumulativeOutput<Batch> {
  #metrics: MetricsOf | undefined;
  #startedAtMs = 0;

  constructor(
    private readonly credentials: Credentials,
    private readonly metricsOf: (run: OutputRun) => MetricsOf,
    private readonly settings: Settings,
  ) {
    super();
  }

  /** Sends a request without series. */
  async check(): Promise<void> {
    await this.#post(this.#encode([], 0));
  }

  override open(run: OutputRun): Promise<void> {
    this.#metrics = this.metricsOf(run);
    this.#startedAtMs = Date.parse(run.startedAt);
    return Promise.resolve();
  }

  protected override batch({ number }: IntervalClosed): Batch | undefined {
    if (number % this.settings.everySeconds !== 0) return undefined;
    return this.#requests(this.#series(), this.sums.nextInstantMs(this.#startedAtMs));
  }

  /** Series that do not occur again would otherwise keep their values. */
  override reset(reset: IntervalsReset): Batch | undefined {
    const stale = staleOf(this.#series());
    super.reset(reset);
    return this.#requests(stale, this.sums.nextInstantMs(this.#startedAtMs));
  }

  /** The series do not end if another master continues them. */
  override end({ continues }: OutputEnd): Batch | undefined {
    const series = this.#series();
    const atMs = this.sums.nextInstantMs(this.#startedAtMs);
    if (continues) return this.#requests(series, atMs);
    return [...this.#requests(series, atMs), ...this.#requests(staleOf(series), atMs + STALE_AFTER_MS)];
  }

  override async send(batch: Batch, signal: AbortSignal): Promise<void> {
    while (batch.length > 0) {
      await this.#post(batch[0]!, signal);
      batch.shift();
    }
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }

  #series(): WriteSeries[] {
    return seriesOf(this.#metrics?.of(this.sums) ?? [], this.settings.histograms);
  }

  #requests(series: readonly WriteSeries[], atMs: number): Batch {
    const requests: Batch = [];
    for (let from = 0; from < series.length; from += MAX_SERIES)
      requests.push(this.#encode(series.slice(from, from + MAX_SERIES), atMs));
    return requests;
  }

  #encode(series: readonly WriteSeries[], atMs: number): Uint8Array {
    const encode = this.settings.version === '2' ? writeRequest2 : writeRequest;
    return snappyBlock(encode(series, atMs));
  }

  async #post(body: Uint8Array, signal?: AbortSignal): Promise<void> {
    const { credentials, settings } = this;
    const isTwo = settings.version === '2';
    const headers = {
      ...settings.headers,
      'content-encoding': 'snappy',
      'content-type': `application/x-protobuf${isTwo ? ';proto=io.prometheus.write.v2.Request' : ''}`,
      'user-agent': 'drumline',
      'x-prometheus-remote-write-version': isTwo ? '2.0.0' : '0.1.0',
    };
    const request = credentials.authenticate({ url: credentials.url, headers, body });
    await post(request, signal, explain);
  }
}

function staleOf(series: readonly WriteSeries[]): WriteSeries[] {
  return series.map((one) => ({ ...one, value: 'stale' }));
}

function explain(status: number): string | undefined {
  switch (status) {
    case 401:
    case 403:
      return 'check the credentials';
    case 404:
      return 'Prometheus needs --web.enable-remote-write-receiver, and the path /api/v1/write';
    case 415:
      return 'the receiver does not accept this version of remote write';
    default:
      return undefined;
  }
}
