// A Prometheus on a free port of this machine.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './drumline.js';
import { freePort } from './processes.js';

/** A user of a Prometheus with authentication: its documentation has this hash of the password. */
export const USER = { name: 'ada', password: 'test' } as const;
const HASH = '$2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay';

interface Options {
  /** The address that is scraped twice a second. */
  readonly target?: string;
  readonly authenticates?: boolean;
}

/** Series of a range of time. */
export interface Matrix {
  readonly metric: Readonly<Record<string, string>>;
  readonly values?: readonly (readonly [number, string])[];
  readonly histograms?: readonly (readonly [
    number,
    { readonly count: string; readonly buckets: readonly (readonly [number, string, string, string])[] },
  ])[];
}

export class Prometheus implements AsyncDisposable {
  #child: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly directory: string,
    private readonly options: Options,
  ) {}

  static async start(options: Options = {}): Promise<Prometheus> {
    const directory = await mkdtemp(join(tmpdir(), 'drumline-prometheus-'));
    const { target } = options;
    const jobs = target === undefined ? [] : [{ job_name: 'load', static_configs: [{ targets: [target] }] }];
    // JSON is YAML.
    const config = { global: { scrape_interval: '500ms', scrape_timeout: '500ms' }, scrape_configs: jobs };
    await writeFile(join(directory, 'config.yml'), JSON.stringify(config));
    const web = options.authenticates === true ? { basic_auth_users: { [USER.name]: HASH } } : {};
    await writeFile(join(directory, 'web.yml'), JSON.stringify(web));
    const prometheus = new Prometheus(await freePort(), directory, options);
    await prometheus.resume();
    return prometheus;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it again, with the data that it has. */
  async resume(): Promise<void> {
    const child = spawn(
      'prometheus',
      [
        `--config.file=${join(this.directory, 'config.yml')}`,
        `--web.config.file=${join(this.directory, 'web.yml')}`,
        `--storage.tsdb.path=${join(this.directory, 'data')}`,
        `--web.listen-address=127.0.0.1:${this.port}`,
        '--web.enable-remote-write-receiver',
        '--enable-feature=native-histograms',
      ],
      { stdio: 'ignore' },
    );
    this.#child = child;
    const isReady = async (): Promise<boolean> => {
      const response = await fetch(`${this.url}/-/ready`, { headers: this.#headers }).catch(() => undefined);
      return response?.ok === true;
    };
    await eventually(async () => ((await isReady()) ? true : undefined));
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  /** The value of an instant query without labels; undefined without a result. */
  async value(query: string): Promise<number | undefined> {
    const [first] = (await this.#query(query)) as { value: [number, string] }[];
    return first && Number(first.value[1]);
  }

  /** All samples of a selector in the last ten minutes. */
  async samples(selector: string): Promise<Matrix[]> {
    return (await this.#query(`${selector}[10m]`)) as Matrix[];
  }

  async #query(query: string): Promise<unknown[]> {
    const response = await fetch(`${this.url}/api/v1/query?query=${encodeURIComponent(query)}`, {
      headers: this.#headers,
    });
    const { data, error } = (await response.json()) as { data?: { result: unknown[] }; error?: string };
    if (!data) throw new Error(error);
    return data.result;
  }

  get #headers(): Record<string, string> {
    if (this.options.authenticates !== true) return {};
    return { authorization: `Basic ${Buffer.from(`${USER.name}:${USER.password}`).toString('base64')}` };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
