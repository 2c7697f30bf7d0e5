// Prometheus scrapes a run and receives its remote write: PromQL, report and target count the same.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startTarget } from '../../scripts/dist/demo/target.js';
import type { RunResult } from '../../packages/wire/dist/index.js';
import { Drumline, eventually, scenarioPath } from '../support/drumline.js';
import { freePort } from '../support/processes.js';
import { needing } from '../support/programs.js';
import { Prometheus, USER, type Matrix } from '../support/prometheus.js';
import { tempProjects } from '../support/temp-project.js';

const project = tempProjects();
const SHOP = `
import { constant, scenario, startWith, user } from 'drumline';
const NAMES = Number(process.env.NAMES ?? 3);
let next = 0;
const shopper = user('shopper', { wait: constant('4ms'), tasks: { browse: async ({ http }) => {
  for (let i = 0; i < Math.min(NAMES, 50); i++) await http.get('/', { name: \`/items/\${next++ % NAMES}\` });
} } });
export default scenario({ users: [shopper], load: startWith(2).hold(process.env.TIME ?? '4s') });
`;

/** Until when the last values of a run can be read. */
const WITHIN_MS = 10_000;

interface Done {
  readonly result: RunResult;
  readonly count: number;
  readonly output: string;
}

async function run(
  outs: readonly string[],
  env: NodeJS.ProcessEnv = {},
  during?: (run: Drumline) => Promise<void>,
): Promise<Done> {
  const target = await startTarget();
  const directory = project({ 'shop.ts': SHOP });
  const path = join(directory, 'result.json');
  const flags = ['-H', target.url, '--no-api', '--no-html', '--lanes', '1', '--json', path];
  await using command = new Drumline(
    ['run', join(directory, 'shop.ts'), ...flags, ...outs.flatMap((out) => ['--out', out])],
    env,
  );
  await during?.(command);
  const { output } = await command.ended;
  await target.close();
  return { result: JSON.parse(readFileSync(path, 'utf8')) as RunResult, count: target.count, output };
}

/** The last native histogram of each series, before it ended. */
function lastHistograms(series: readonly Matrix[]) {
  return series.map(({ metric, histograms = [] }) => ({ metric, histogram: histograms.at(-1)![1] }));
}

/** The quantile of the report must be in the bucket that holds it in Prometheus. */
function expectQuantiles({ result }: Done, series: readonly Matrix[]): void {
  for (const { metric, histogram } of lastHistograms(series)) {
    const own = result.series.find(({ name }) => name === metric['name'])!;
    for (const [q, ms] of [
      [0.5, own.latencyMs.p50],
      [0.99, own.latencyMs.p99],
    ] as const) {
      const rank = Math.max(1, Math.ceil(q * Number(histogram.count)));
      let seen = 0;
      const bucket = histogram.buckets.find(([, , , count]) => (seen += Number(count)) >= rank)!;
      expect(ms / 1_000).toBeGreaterThan(Number(bucket[1]) * (1 - 1e-9));
      expect(ms / 1_000).toBeLessThanOrEqual(Number(bucket[2]) * (1 + 1e-9));
    }
  }
}

/** The last values have an instant that may be up to two seconds ahead. */
async function eventuallyIs(
  prometheus: Prometheus,
  query: string,
  expected: number | undefined,
): Promise<void> {
  let value: number | undefined;
  const isThere = async (): Promise<true | undefined> =>
    (value = await prometheus.value(query)) === expected || undefined;
  await eventually(isThere, WITHIN_MS, () => `${query} is ${value}, not ${expected}`);
}

needing('prometheus')('Prometheus', () => {
  test('scrapes a run to the last request, with native histograms', async () => {
    const port = await freePort();
    await using prometheus = await Prometheus.start({ target: `127.0.0.1:${port}` });
    let [text, lint] = ['', { status: -1 as number | null, stdout: '', stderr: '' }];
    const done = await run([`prometheus=:${port}`], {}, async (command) => {
      await command.prints(/listens at/);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const accept = 'application/openmetrics-text; version=1.0.0';
      text = await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { accept } })).text();
      const input = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      lint = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
    });
    expect({ ...lint, status: lint.status }).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(text.endsWith('# EOF\n')).toBe(true);
    const { totals } = done.result;
    expect(totals.requests).toBe(done.count);
    expect(await prometheus.value('sum(max_over_time(drumline_requests_total[5m]))')).toBe(done.count);
    expect(await prometheus.value('sum(max_over_time(drumline_received_bytes_total[5m]))')).toBe(
      totals.bytesReceived,
    );
    expectQuantiles(done, await prometheus.samples('drumline_request_duration_seconds'));
    // The target is gone, so that Prometheus ends its series.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await prometheus.value('count(drumline_requests_total)')).toBeUndefined();
  });

  test('receives remote write, also if it was restarted in between', async () => {
    await using prometheus = await Prometheus.start();
    const done = await run(
      [`prometheus-remote-write=${prometheus.url}/api/v1/write?histograms=native&every=1`],
      { TIME: '7s' },
      async (command) => {
        await command.prints(/running/);
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        await prometheus.stop();
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        await prometheus.resume();
      },
    );
    expect(done.output).toContain('fails and is tried again');
    expect(done.result.notes.map(({ code }) => code)).not.toContain('output-dropped');
    expect(done.result.totals.requests).toBe(done.count);
    await eventuallyIs(prometheus, 'sum(max_over_time(drumline_requests_total[5m]))', done.count);
    expectQuantiles(done, await prometheus.samples('drumline_request_duration_seconds'));
    await eventuallyIs(prometheus, 'count(drumline_requests_total)', undefined);
  });

  test('receives 1,000 series with classic buckets, whose quantiles are near those of the report', async () => {
    await using prometheus = await Prometheus.start({ authenticates: true });
    const url = prometheus.url.replace('//', `//${USER.name}:${USER.password}@`);
    const done = await run([`prometheus-remote-write=${url}/api/v1/write`], { NAMES: '1000', TIME: '6s' });
    expect(done.output).not.toContain(`:${USER.password}@`);
    expect(done.result.totals.requests).toBe(done.count);
    await eventuallyIs(prometheus, 'sum(max_over_time(drumline_requests_total[5m]))', done.count);
    expect(await prometheus.value('count(max_over_time(drumline_requests_total[5m]))')).toBe(1_000);
    const buckets = 'max_over_time(drumline_request_duration_seconds_bucket[5m])';
    const p95 = await prometheus.value(`histogram_quantile(0.95, sum by (le) (${buckets}))`);
    const bounds = [0, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
    const seconds = done.result.totals.latencyMs.p95 / 1_000;
    const above = bounds.findIndex((bound) => bound >= seconds);
    expect(p95).toBeGreaterThanOrEqual(bounds[above - 1]!);
    expect(p95).toBeLessThanOrEqual(bounds[above]!);
  });

  test('wrong credentials refuse the run, as does a receiver that is none', async () => {
    await using prometheus = await Prometheus.start({ authenticates: true });
    const url = prometheus.url.replace('//', `//${USER.name}:pa55word@`);
    const refused = async (out: string): Promise<string> => {
      const flags = ['-H', 'http://127.0.0.1:9', '--no-api', '--no-html'];
      await using command = new Drumline(['run', scenarioPath('quick'), ...flags, '--out', out]);
      const { code, output } = await command.ended;
      expect(code).toBe(9);
      expect(output).not.toMatch(/pa55word|Workers join/);
      return output;
    };
    const out = `prometheus-remote-write=${url}/api/v1/write`;
    expect(await refused(out)).toContain('answers 401: Unauthorized; check the credentials');
    const correct = url.replace('pa55word', USER.password);
    expect(await refused(`prometheus-remote-write=${correct}/write`)).toContain(
      '--web.enable-remote-write-receiver',
    );
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    expect(await refused(`prometheus-remote-write=http://127.0.0.1:${port}/`)).toContain(
      'no answer within 10 s',
    );
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});
