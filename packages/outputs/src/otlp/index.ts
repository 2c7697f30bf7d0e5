import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { seriesId } from '@drumline/model';
import type { IntervalClosed, IntervalCorrected, SpanSample } from '@drumline/stats';
import { VERSION } from '@drumline/wire/version';
import { post } from '../http/post.js';
import { OptionReader } from '../option-reader.js';
import type { Output, OutputFactory, OutputRun, OutputSpec, ResumedRun } from '../output.js';
import { CumulativeOutput } from '../sums/cumulative-output.js';
import { exemplarOf, type Exemplar } from '../sums/exemplars.js';
import type { Attribute, Attributes } from './attributes.js';
import { measure } from './measured.js';
import { metricsRequest } from './metrics-request.js';
import { OTLP_OPTIONS, readSettings, type Endpoint, type OtlpSettings } from './settings.js';
import { spansRequest } from './spans-request.js';

const compress = promisify(gzip);
/** The most exemplars of a histogram in a request. */
const MAX_EXEMPLARS = 5;
/** The most spans that wait for the next request. */
const MAX_SPANS = 2_000;

export const otlp: OutputFactory = {
  name: 'otlp',
  help: {
    text: 'Send metrics and spans to an OpenTelemetry collector',
    example: 'otlp=http://localhost:4318',
    options: OTLP_OPTIONS,
  },
  create(spec: OutputSpec): Output {
    const reader = new OptionReader(spec);
    const settings = readSettings(spec, reader);
    reader.done();
    return new OtlpOutput(settings!);
  },
};

/** What is sent after some seconds. A part that was sent is removed. */
interface Batch {
  metrics?: Uint8Array;
  spans?: Uint8Array;
}

class OtlpOutput extends CumulativeOutput<Batch> {
  #resource: Attributes = [];
  #startedAtMs = 0;
  #target: string | undefined;
  #spans: SpanSample[] = [];
  readonly #exemplars = new Map<string, Exemplar[]>();

  constructor(private readonly settings: OtlpSettings) {
    super();
  }

  /** Sends requests without content. */
  async check(): Promise<void> {
    const { metrics, traces } = this.settings;
    await this.#post(metrics, new Uint8Array(0));
    if (traces) await this.#post(traces, new Uint8Array(0));
  }

  override open(run: OutputRun): Promise<void> {
    this.#startedAtMs = Date.parse(run.startedAt);
    this.#target = run.target;
    this.sums.begin(run);
    this.#resource = resourceOf(run, this.settings);
    return Promise.resolve();
  }

  /** Whether what a second counted is part of a later batch only. */
  get collects(): boolean {
    return this.settings.temporality === 'delta';
  }

  /** Without cumulative figures, the events that the receiver lacks are sent again. */
  override written(run: ResumedRun, sent: number): number {
    return this.collects ? sent : super.written(run, sent);
  }

  override interval(second: IntervalClosed): Batch | undefined {
    this.#takeSpans(second);
    return super.interval(second);
  }

  override correction(second: IntervalCorrected): Batch | undefined {
    this.#takeSpans(second);
    return super.correction(second);
  }

  protected override batch({ number }: IntervalClosed): Batch | undefined {
    return number % this.settings.everySeconds === 0 ? this.#request() : undefined;
  }

  override end(): Batch {
    return this.#request();
  }

  override async send(batch: Batch, signal: AbortSignal): Promise<void> {
    const { metrics, traces } = this.settings;
    if (batch.metrics) await this.#post(metrics, batch.metrics, signal);
    delete batch.metrics;
    if (batch.spans && traces) await this.#post(traces, batch.spans, signal);
    delete batch.spans;
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }

  #request(): Batch {
    const [resource, version, startedAtMs] = [this.#resource, VERSION, this.#startedAtMs];
    const target = this.#target;
    const metrics = metricsRequest(
      {
        resource,
        version,
        measured: measure(this.sums, target),
        sinceMs: startedAtMs + this.sums.sinceSecond * 1_000,
        atMs: this.sums.nextInstantMs(startedAtMs),
        exemplarsOf: (series) => this.#exemplars.get(seriesId(series)) ?? [],
      },
      this.settings,
    );
    const spans =
      this.#spans.length > 0
        ? spansRequest(this.#spans, { resource, version, startedAtMs, target })
        : undefined;
    this.#spans = [];
    this.#exemplars.clear();
    if (this.settings.temporality === 'delta') this.sums.restart();
    return { metrics, ...(spans && { spans }) };
  }

  #takeSpans({ counts: { spans = [] } }: IntervalClosed | IntervalCorrected): void {
    if (!this.settings.traces) return;
    for (const span of spans) {
      if (this.#spans.length >= MAX_SPANS) return;
      this.#spans.push(span);
      const id = seriesId(span.key);
      const exemplars = this.#exemplars.get(id) ?? [];
      if (exemplars.length < MAX_EXEMPLARS && !span.isInterrupted)
        exemplars.push(exemplarOf(span, this.#startedAtMs));
      this.#exemplars.set(id, exemplars);
    }
  }

  async #post({ url, authenticate, headers: own }: Endpoint, body: Uint8Array, signal?: AbortSignal) {
    const { isCompressed, timeoutMs } = this.settings;
    const headers = {
      ...own,
      'content-type': 'application/x-protobuf',
      'user-agent': `drumline/${VERSION}`,
      ...(isCompressed && { 'content-encoding': 'gzip' }),
    };
    const request = { url, headers, body: isCompressed ? await compress(body) : body };
    const time = AbortSignal.timeout(timeoutMs);
    await post(authenticate(request), signal ? AbortSignal.any([signal, time]) : time, explain);
  }
}

function resourceOf({ runId, scenario, labels }: OutputRun, settings: OtlpSettings): Attribute[] {
  return [
    ...Object.entries({
      'service.name': settings.serviceName,
      ...settings.resource,
      'service.version': VERSION,
      'drumline.run.id': runId,
      'drumline.scenario': scenario,
    }),
    ...Object.entries(labels).map(([name, value]) => [`drumline.label.${name}`, value] as const),
  ];
}

function explain(status: number): string | undefined {
  if (status === 401 || status === 403) return 'check the credentials, such as OTEL_EXPORTER_OTLP_HEADERS';
  if (status === 404) return 'is the address that of OTLP over HTTP, such as http://localhost:4318?';
  return undefined;
}
