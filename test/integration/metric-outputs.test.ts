// Runs with outputs for Prometheus and OpenTelemetry: receivers, report and target count the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { RunResult } from '../../packages/wire/dist/index.js';
import { Drumline, eventually } from '../support/drumline.js';
import { otlpMetrics, otlpSpans, Receiver, writtenSeries } from '../support/metric-receivers.js';
import { freePort } from '../support/processes.js';
import { Service } from '../support/service.js';
import { startSite } from '../support/site.js';
import { tempProjects } from '../support/temp-project.js';

const project = tempProjects();
const SHOP = `
import { constant, scenario, startWith, user } from 'drumline';
let calls = 0;
const ownTrace = () => '00-' + ('ab' + calls).padEnd(32, '0') + '-' + String(calls).padStart(16, 'c') + '-00';
const shopper = user('shopper', { wait: constant('5ms'), tasks: { browse: async ({ http }) => {
  calls += 1;
  await http.get('/items', calls % 20 === 0 ? { headers: { TraceParent: ownTrace() } } : {});
  await http.get('/gone');
} } });
export default scenario({ users: [shopper], load: startWith(4).hold('2s'), http: { tracing: { sample: 0.1 } } });
`;

test('metrics, spans and exemplars of a run agree with its report and its target', async () => {
  const parents: string[] = [];
  const site = await startSite(
    ({ path, headers }) => {
      if (headers['traceparent']) parents.push(String(headers['traceparent']).slice(0, -3));
      return path === '/gone' ? { status: 410 } : {};
    },
    ['410 GET /gone'],
  );
  await using receiver = await Receiver.start();
  const directory = project({ 'shop.ts': SHOP });
  const result = join(directory, 'result.json');
  const outs = ['--out', `prometheus-remote-write=${receiver.url}/write`, '--out', `otlp=${receiver.url}`];
  const flags = ['-H', site.url, '--no-api', '--no-html', '--lanes', '2', '--json', result];
  await using run = new Drumline(
    ['run', join(directory, 'shop.ts'), ...flags, ...outs, '--out', 'prometheus=:0'],
    { OTEL_SERVICE_NAME: 'checkout-load', OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=a%20b' },
  );
  const [, address] = await run.prints(/Output prometheus listens at (\S+)\./);
  expect((await fetch(address!)).headers.get('content-type')).toContain('version=0.0.4');
  expect(await run.ended).toMatchObject({ code: 1 });
  await site.close();
  const { totals } = JSON.parse(readFileSync(result, 'utf8')) as RunResult;
  expect(totals.requests).toBe(site.count);

  const [writes, metrics, traces] = ['/write', '/v1/metrics', '/v1/traces'].map((path) =>
    receiver.received.filter((one) => one.path === path),
  ) as [typeof receiver.received, typeof receiver.received, typeof receiver.received];
  // The last request but one: the last one ends the series.
  const series = writes.flatMap(writtenSeries).filter(({ samples }) => Number.isFinite(samples[0]?.value));
  const lastOf = (name: string): Map<string, number> =>
    new Map(
      series
        .filter(({ labels }) => labels['__name__'] === name)
        .map(({ labels, samples }) => [JSON.stringify(labels), samples[0]!.value]),
    );
  const written = (name: string): number => [...lastOf(name).values()].reduce((sum, value) => sum + value, 0);
  expect(written('drumline_requests_total')).toBe(site.count);
  expect(written('drumline_responses_total')).toBe(site.count);
  expect(written('drumline_request_failures_total')).toBe(totals.failures);
  expect(written('drumline_request_duration_seconds_count')).toBe(site.count);

  const last = otlpMetrics(metrics.at(-1)!);
  const durations = last.find(({ name }) => name === 'http.client.request.duration')!;
  expect(durations.points.reduce((sum, { count }) => sum + count, 0)).toBe(site.count);
  expect(durations.resource['service.name']).toBe('checkout-load');
  expect(metrics[0]!.headers['x-tenant']).toBe('a b');

  const spans = traces.filter(({ body }) => body.length > 40).flatMap(otlpSpans);
  const ids = new Set(spans.map(({ traceId, spanId }) => `00-${traceId}-${spanId}`));
  // A few requests of each lane and second have spans, and all of those that have one were traced.
  expect(ids.size).toBeGreaterThan(0);
  expect([...ids].filter((id) => !parents.includes(id))).toEqual([]);
  // The scenario has chosen some of them.
  expect([...ids].filter((id) => id.startsWith('00-ab')).length).toBeGreaterThan(0);
  for (const { name, kind, status, attributes, events, startTimeUnixNano, endTimeUnixNano } of spans) {
    const isGone = name === 'GET /gone';
    expect({ kind, code: status?.code }).toEqual({ kind: 3, code: isGone ? 2 : undefined });
    expect(attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.response.status_code': isGone ? 410 : 200,
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(site.url).port),
    });
    const times = [startTimeUnixNano, ...events.map((event) => event.timeUnixNano), endTimeUnixNano].map(
      BigInt,
    );
    expect(events.at(-1)!.name).toBe('first byte received');
    expect(times.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(times);
  }
  const exemplars = metrics
    .filter(({ body }) => body.length > 40)
    .flatMap((request) =>
      otlpMetrics(request).flatMap(({ points }) => points.flatMap((one) => one.exemplars)),
    );
  expect(exemplars.length).toBeGreaterThan(0);
  for (const { traceId, spanId } of exemplars) expect(ids).toContain(`00-${traceId}-${spanId}`);
});

test('runs of a service that are side by side share the port of a scrape, with the names of k6', async () => {
  const site = await startSite(() => ({}));
  const port = await freePort();
  const out = ['--out', `prometheus=:${port}`, '--metric-names', 'k6'];
  await using service = await Service.start(out);
  await service.addWorkers('w1', 'w2');
  const ids = await Promise.all(
    [1, 2].map(() => service.submitted('steady', { url: site.url }, ['--workers', '1'])),
  );
  for (const id of ids) await service.until(id, ({ state }) => state === 'running');
  const shown = async (): Promise<string[]> => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return [
      ...new Set([...text.matchAll(/^k6_http_reqs_total\{.*testid="([^"]+)"/gm)].map(([, run]) => run!)),
    ].sort();
  };
  await eventually(async () => ((await shown()).length === 2 ? true : undefined));
  expect(await shown()).toEqual(ids.toSorted());
  for (const id of ids) {
    await service.client.run(id).stop();
    await service.ended(id);
  }
  await site.close();
});
