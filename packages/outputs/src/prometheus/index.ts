import { timingSafeEqual, createHash } from 'node:crypto';
import type { Output, OutputFactory, OutputRun, OutputSpec } from '../output.js';
import { OptionReader } from '../option-reader.js';
import { readSecret, tokenOptions } from '../http/credentials.js';
import { CumulativeOutput } from '../sums/cumulative-output.js';
import type { Family } from './family.js';
import { NAME_OPTIONS, readNames, type MetricsOf } from './names.js';
import { ScrapeServer } from './scrape-server.js';
import { SharedPort } from './shared-port.js';

/** The port that OpenTelemetry's exporter for Prometheus has, too. */
const DEFAULT_PORT = 9464;
const LOOPBACK = '127.0.0.1';
/** After the end of a run, the longest wait for the scrape that reads its last counts. */
const LAST_SCRAPE_LIMIT_MS = 8_000;

export const prometheus: OutputFactory = {
  name: 'prometheus',
  help: {
    text: 'Expose metrics to Prometheus, at /metrics',
    example: 'prometheus=:9464',
    options: [...NAME_OPTIONS, ...tokenOptions('Refuse scrapes without this bearer token')],
  },
  create(spec: OutputSpec): Output {
    const reader = new OptionReader(spec);
    const { host, port } = readAddress(spec.url ?? '', reader);
    const metricsOf = readNames(reader);
    const token = readSecret(reader, 'token');
    reader.done();
    return new PrometheusOutput(host, port, metricsOf, token);
  },
};

class PrometheusOutput extends CumulativeOutput<'last-scrape'> {
  readonly #server: ScrapeServer;
  /** With other runs of this process; undefined for a port of its own. */
  #shared: SharedPort | undefined;
  #metrics: MetricsOf | undefined;
  #scrapedAtMs: number | undefined;
  /** Between the last two scrapes. */
  #pauseMs: number | undefined;
  #scraped: () => void = () => {};
  #hasEnded = false;
  /** Whether the newest scrape has read the last counts. */
  #isLast = false;
  listensAt: string | undefined;

  constructor(
    private readonly host: string,
    private readonly port: number,
    private readonly metricsOf: (run: OutputRun) => MetricsOf,
    token: string | undefined,
  ) {
    super();
    this.#server = new ScrapeServer(
      async () => this.#shared?.all() ?? this.#own(),
      (authorization) => token === undefined || isSame(authorization ?? '', `Bearer ${token}`),
    );
    this.#server.onScrape = () => (this.#shared ? this.#shared.scraped() : this.#noteScrape());
  }

  async check(): Promise<void> {
    const address = `${this.host}:${this.port}`;
    if (this.port !== 0)
      this.#shared ??= new SharedPort(address, {
        families: () => this.#own(),
        scraped: () => this.#noteScrape(),
        vacant: () => void this.#listenOrJoin().catch(() => {}),
      });
    this.listensAt = `http://${(await this.#listenOrJoin()) ?? address}/metrics`;
  }

  /**
   * Listens, or joins another run of this process that does.
   * @returns the address, if it is this one that listens
   */
  async #listenOrJoin(): Promise<string | undefined> {
    try {
      const address = await this.#server.listen(this.host, this.port);
      this.#shared?.host();
      return address;
    } catch (error) {
      if (await this.#shared?.join()) return undefined;
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      throw new Error(`another program listens at ${this.host}:${this.port}`, { cause: error });
    }
  }

  #own(): readonly Family[] {
    this.#isLast = this.#hasEnded;
    return this.#metrics?.of(this.sums) ?? [];
  }

  #noteScrape(): void {
    const nowMs = performance.now();
    if (this.#scrapedAtMs !== undefined) this.#pauseMs = nowMs - this.#scrapedAtMs;
    this.#scrapedAtMs = nowMs;
    if (this.#isLast) this.#scraped();
  }

  override async open(run: OutputRun): Promise<void> {
    this.#metrics = this.metricsOf(run);
    if (this.listensAt === undefined) await this.check();
  }

  protected override batch(): undefined {
    return undefined;
  }

  /** The last counts are lost unless they are scraped once more. A single scrape was a person. */
  override end(): 'last-scrape' | undefined {
    this.#hasEnded = true;
    return this.#pauseMs === undefined ? undefined : 'last-scrape';
  }

  override async send(_: 'last-scrape', signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.#patienceMs)]);
    await new Promise<void>((resolve) => {
      this.#scraped = resolve;
      limit.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  override async close(): Promise<void> {
    await this.#server.close();
    this.#shared?.close();
    this.#shared = undefined;
  }

  get #patienceMs(): number {
    return Math.min(LAST_SCRAPE_LIMIT_MS, Math.ceil((this.#pauseMs ?? 0) * 1.5) + 1_000);
  }
}

/** `HOST:PORT`, `:PORT` or nothing. Without a host, only this machine can scrape. */
function readAddress(text: string, reader: OptionReader): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]*))(?::(\d+))?$/.exec(text);
  const port = Number(match?.[3] ?? DEFAULT_PORT);
  if (match === null || port > 65_535) {
    reader.problem('the address must be HOST:PORT or :PORT, such as :9464');
    return { host: LOOPBACK, port: DEFAULT_PORT };
  }
  const host = match[1] ?? match[2] ?? '';
  return { host: host === '' ? LOOPBACK : host, port };
}

/** Compares secrets in constant time. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!);
}
