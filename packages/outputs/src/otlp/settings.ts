import type { Millis } from '@drumline/model';
import {
  CREDENTIAL_OPTIONS,
  HEADER_OPTION,
  readCredentials,
  readHeaders,
  type Credentials,
} from '../http/credentials.js';
import type { OptionReader } from '../option-reader.js';
import type { OutputOption, OutputSpec } from '../output.js';

/** The address of a collector on this machine. */
const DEFAULT_ENDPOINT = 'http://localhost:4318';
const DEFAULT_EVERY_S = 5;

type Signal = 'metrics' | 'traces';
type Temporality = 'cumulative' | 'delta';

/** Where a signal is sent. */
export interface Endpoint extends Credentials {
  readonly headers: Readonly<Record<string, string>>;
}

export interface OtlpSettings {
  readonly metrics: Endpoint;
  /** Absent if spans are not sent. */
  readonly traces?: Endpoint;
  readonly isCompressed: boolean;
  readonly timeoutMs: Millis;
  readonly everySeconds: number;
  readonly temporality: Temporality;
  readonly histograms: 'exponential' | 'explicit';
  readonly serviceName: string;
  readonly resource: Readonly<Record<string, string>>;
}

/** Options of `readSettings`. */
export const OTLP_OPTIONS: readonly OutputOption[] = [
  { name: 'every', text: 'Seconds between two values', standard: '5' },
  { name: 'temporality', text: 'delta: what was counted since the last request', standard: 'cumulative' },
  { name: 'histograms', text: 'explicit: the buckets that the conventions advise', standard: 'exponential' },
  { name: 'traces', text: 'false: no spans', standard: 'true' },
  { name: 'compression', text: 'gzip or none', standard: 'gzip' },
  ...CREDENTIAL_OPTIONS,
  HEADER_OPTION,
];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings: options, else the variables of OpenTelemetry.
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function readSettings(
  spec: OutputSpec,
  reader: OptionReader,
  environment: Environment = process.env,
): OtlpSettings | undefined {
  const variables = new Variables(environment, reader);
  const own = readHeaders(reader, spec.options);
  const endpointOf = (signal: Signal): Endpoint | undefined => {
    const url = spec.url === undefined ? variables.endpoint(signal) : join(spec.url, signal);
    const credentials = readCredentials(reader, url);
    return credentials && { ...credentials, headers: { ...variables.headers(signal), ...own } };
  };
  variables.requireProtocol();
  const metrics = endpointOf('metrics');
  const traces = reader.flag('traces', true) ? endpointOf('traces') : undefined;
  const settings = {
    isCompressed: reader.choice('compression', ['gzip', 'none'], variables.compression) === 'gzip',
    timeoutMs: variables.milliseconds('OTEL_EXPORTER_OTLP_TIMEOUT', 10_000),
    everySeconds: reader.wholeNumber('every', { min: 1, max: 60 }, variables.everySeconds),
    temporality: reader.choice('temporality', ['cumulative', 'delta'], variables.temporality),
    histograms: reader.choice('histograms', ['exponential', 'explicit'], variables.histograms),
    serviceName: variables.get('OTEL_SERVICE_NAME') ?? 'drumline',
    resource: variables.pairs('OTEL_RESOURCE_ATTRIBUTES'),
  };
  return metrics && { metrics, ...(traces && { traces }), ...settings };
}

/** The variables of OpenTelemetry. Empty ones count as absent. */
class Variables {
  constructor(
    private readonly environment: Environment,
    private readonly reader: OptionReader,
  ) {}

  get(name: string): string | undefined {
    const value = this.environment[name]?.trim();
    return value === '' ? undefined : value;
  }

  /** The address of a signal is used as it is; a path is added to the common one. */
  endpoint(signal: Signal): string {
    const own = this.get(`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`);
    return own ?? join(this.get('OTEL_EXPORTER_OTLP_ENDPOINT') ?? DEFAULT_ENDPOINT, signal);
  }

  headers(signal: Signal): Record<string, string> {
    return {
      ...this.pairs('OTEL_EXPORTER_OTLP_HEADERS'),
      ...this.pairs(`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_HEADERS`),
    };
  }

  requireProtocol(): void {
    const protocol = this.get('OTEL_EXPORTER_OTLP_PROTOCOL') ?? 'http/protobuf';
    if (protocol !== 'http/protobuf')
      this.reader.problem(`OTEL_EXPORTER_OTLP_PROTOCOL is ${protocol}, but only http/protobuf is known`);
  }

  get compression(): 'gzip' | 'none' {
    return this.get('OTEL_EXPORTER_OTLP_COMPRESSION') === 'none' ? 'none' : 'gzip';
  }

  get everySeconds(): number {
    const ms = this.milliseconds('OTEL_METRIC_EXPORT_INTERVAL', DEFAULT_EVERY_S * 1_000);
    return Math.min(60, Math.max(1, Math.round(ms / 1_000)));
  }

  get temporality(): Temporality {
    const preference = this.get('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE')?.toLowerCase();
    return preference === 'delta' || preference === 'lowmemory' ? 'delta' : 'cumulative';
  }

  get histograms(): OtlpSettings['histograms'] {
    const kind = this.get('OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION')?.toLowerCase();
    return kind === 'explicit_bucket_histogram' ? 'explicit' : 'exponential';
  }

  milliseconds(name: string, fallback: Millis): Millis {
    const text = this.get(name);
    if (text === undefined) return fallback;
    if (/^\d+$/.test(text) && Number(text) > 0) return Number(text);
    this.reader.problem(`${name} must be a number of milliseconds above 0`);
    return fallback;
  }

  /** `name=value,name=value`, with percent-encoded values. */
  pairs(name: string): Record<string, string> {
    const pairs: Record<string, string> = {};
    for (const part of (this.get(name) ?? '').split(',')) {
      const at = part.indexOf('=');
      if (at < 1) continue;
      try {
        pairs[part.slice(0, at).trim()] = decodeURIComponent(part.slice(at + 1).trim());
      } catch {
        this.reader.problem(`${name} has an invalid % sequence`);
      }
    }
    return pairs;
  }
}

function join(base: string, signal: Signal): string {
  return `${base.replace(/\/+$/, '')}/v1/${signal}`;
}
