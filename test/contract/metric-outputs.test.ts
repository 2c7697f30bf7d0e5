// The outputs for Prometheus and OpenTelemetry: what receivers decode equals the run.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DrumlineError } from '../../packages/model/dist/index.js';
import { otlp } from '../../packages/outputs/dist/otlp/index.js';
import type { Output, OutputFactory } from '../../packages/outputs/dist/output.js';
import { prometheus } from '../../packages/outputs/dist/prometheus/index.js';
import { remoteWrite } from '../../packages/outputs/dist/remote-write/index.js';
import { feed, intervalsOf, outputContract } from '../../packages/outputs/dist/testing.js';
import {
  otlpMetrics,
  Receiver,
  writtenSeries,
  type OtlpMetric,
  type WrittenSeries,
} from '../support/metric-receivers.js';

let receiver: Receiver;
beforeAll(async () => void (receiver = await Receiver.start()));
afterAll(() => receiver[Symbol.asyncDispose]());
beforeEach(() => void receiver.received.splice(0));

async function create(factory: OutputFactory, options = {}, url = receiver.url): Promise<Output> {
  return await factory.create({ name: factory.name, url, options });
}

describe('a scrape', () => {
  let text = '';
  const contract = outputContract({
    create: async () => {
      const output = await create(prometheus, {}, ':0');
      const close = output.close.bind(output);
      output.close = async () => {
        if (output.listensAt !== undefined) text = await (await fetch(output.listensAt)).text();
        await close();
      };
      return output;
    },
    read: () => ({
      requests: sumOf(text, 'drumline_requests_total'),
      failures: sumOf(text, 'drumline_request_failures_total'),
    }),
    isCumulative: true,
  });
  for (const { name, run } of contract) test(name, run);
});

function sumOf(text: string, metric: string): number {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${metric}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

describe.each(['1', '2'])('remote write version %s', (version) => {
  const contract = outputContract({
    create: () => create(remoteWrite, { version }),
    read: () => {
      const values = lastValues(receiver.received.splice(0).flatMap(writtenSeries));
      const sum = (name: string): number =>
        values.reduce((all, one) => all + (one.labels['__name__'] === name ? one.value : 0), 0);
      return { requests: sum('drumline_requests_total'), failures: sum('drumline_request_failures_total') };
    },
    isCumulative: true,
  });
  for (const { name, run } of contract) test(name, run);
});

interface Value {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The values at the newest instant with values. */
function lastValues(series: readonly WrittenSeries[]): Value[] {
  const all = series.flatMap(({ labels, samples }) => samples.map((sample) => ({ labels, ...sample })));
  const values = all.filter(({ value }) => !Number.isNaN(value));
  const last = values.reduce((latest, { timestamp }) => Math.max(latest, timestamp), 0);
  return values.filter(({ timestamp }) => timestamp === last);
}

describe.each(['exponential', 'explicit'])('OTLP with %s histograms', (histograms) => {
  const contract = outputContract({
    create: () => create(otlp, { histograms }),
    read: () => {
      const last = newestMetrics();
      return {
        requests: totalOf(last, 'drumline.requests'),
        failures: totalOf(last, 'drumline.request.failures'),
      };
    },
    isCumulative: true,
  });
  for (const { name, run } of contract) test(name, run);
});

function newestMetrics(): OtlpMetric[] {
  const sent = receiver.received.filter(({ path }) => path === '/v1/metrics');
  return otlpMetrics(sent.at(-1)!);
}

function totalOf(metrics: readonly OtlpMetric[], name: string): number {
  const points = metrics.find((metric) => metric.name === name)?.points ?? [];
  return points.reduce((sum, { value }) => sum + value, 0);
}

test('metrics of OTLP have base units, and histograms count the requests of their protocol', async () => {
  const generated = intervalsOf(11);
  await feed(await create(otlp), generated);
  const metrics = newestMetrics();
  const { series, totals } = generated.sums;
  for (const [name, protocol] of [
    ['http.client.request.duration', 'http'],
    ['rpc.client.call.duration', 'grpc'],
  ] as const) {
    const { unit, kind, temporality, points } = metrics.find((metric) => metric.name === name)!;
    expect({ unit, kind, temporality }).toEqual({ unit: 's', kind: 'exponentialHistogram', temporality: 2 });
    const own = series.filter(({ key }) => key.protocol === protocol);
    expect(points).toHaveLength(own.length);
    const timed = own.reduce((sum, one) => sum + one.requests - one.interrupted, 0);
    expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(timed);
    for (const { count, zeroCount, positive } of points)
      expect(positive.bucketCounts.reduce((sum, one) => sum + one, zeroCount)).toBe(count);
  }
  expect(totalOf(metrics, 'drumline.sent')).toBe(totals.bytesSent);
  expect(metrics[0]!.resource).toMatchObject({ 'service.name': 'drumline', 'drumline.label.branch': 'main' });
});

test('deltas of OTLP add up to the run', async () => {
  const generated = intervalsOf(12, { seconds: 20 });
  await feed(await create(otlp, { temporality: 'delta', traces: 'false' }), generated);
  const sent = receiver.received.filter(({ body }) => body.length > 40).map(otlpMetrics);
  expect(sent.length).toBeGreaterThan(3);
  const requests = sent.reduce((sum, metrics) => sum + totalOf(metrics, 'drumline.requests'), 0);
  expect(requests).toBe(generated.sums.totals.requests);
  const starts = sent.map((metrics) => metrics.find(({ name }) => name === 'drumline.requests'));
  expect(new Set(starts.map((metric) => metric?.points[0]!.startTimeUnixNano)).size).toBe(sent.length);
});

test('native histograms of remote write have the counts of the run, and end stale', async () => {
  const generated = intervalsOf(13, { seconds: 6 });
  await feed(await create(remoteWrite, { histograms: 'native', 'header-x-scope-orgid': 'team' }), generated);
  const series = receiver.received.flatMap(writtenSeries);
  expect(receiver.received.every(({ headers }) => headers['x-scope-orgid'] === 'team')).toBe(true);
  const durations = series.filter(({ labels }) => labels['__name__'] === 'drumline_request_duration_seconds');
  const last = new Map(
    durations
      .filter(({ histograms }) => histograms.length > 0)
      .map((one) => [JSON.stringify(one.labels), one]),
  );
  const { requests, interrupted } = generated.sums.totals;
  const counted = [...last.values()].reduce((sum, { histograms }) => sum + histograms[0]!.count, 0);
  expect(counted).toBe(requests - interrupted);
  const ends = new Map(series.map(({ labels, samples }) => [JSON.stringify(labels), samples.at(-1)?.value]));
  expect([...ends.values()].every(Number.isNaN)).toBe(true);
  for (const { labels } of series) {
    const names = Object.keys(labels);
    expect(names).toEqual(names.toSorted());
    expect(Object.values(labels)).not.toContain('');
  }
});

test('the names of k6 are those that its dashboards query', async () => {
  await feed(await create(remoteWrite, { 'metric-names': 'k6' }), intervalsOf(14));
  const names = new Set(receiver.received.flatMap(writtenSeries).map(({ labels }) => labels['__name__']));
  for (const name of [
    'k6_http_reqs_total',
    'k6_http_req_duration_p95',
    'k6_http_req_duration_p99',
    'k6_http_req_duration_min',
    'k6_http_req_duration_max',
    'k6_http_req_failed_rate',
    'k6_checks_rate',
    'k6_vus',
    'k6_data_sent_total',
    'k6_data_received_total',
    'k6_dropped_iterations_total',
  ])
    expect(names).toContain(name);
  expect([...names].filter((name) => !name!.startsWith('k6_'))).toEqual([]);
});

test('wrong credentials and options are refused before a run', async () => {
  receiver.status = 401;
  for (const factory of [remoteWrite, otlp]) {
    const url = receiver.url.replace('//', '//ada:pa55word@');
    const output = await create(factory, {}, url);
    const error = await output.check!().then(String, (thrown: unknown) => String(thrown));
    expect(error).toMatch(/OutputError: 127\.0\.0\.1:\d+ answers 401; check the credentials/);
    expect(error).not.toContain('pa55word');
  }
  receiver.status = 200;
  const problems = async (factory: OutputFactory, options: object, url: string): Promise<string> =>
    await create(factory, options, url).then(
      () => '',
      (error: Error | DrumlineError) => error.message,
    );
  expect(await problems(remoteWrite, { histogram: 'native', every: '0', buckets: '2,1' }, 'ftp://x')).toBe(
    [
      'the URL must begin with http:// or https://',
      'option buckets must be ascending seconds above 0, such as 0.1,0.5,1',
      'option every must be a whole number from 1 to 60',
      'there is no option histogram; did you mean histograms?',
    ].join('\n'),
  );
  expect(await problems(remoteWrite, { token: 'a', sigv4: 'true' }, 'http://ada:b@x')).toMatch(
    /sigv4 needs the option region[\s\S]*only one of a user in the URL, a token and sigv4/,
  );
  expect(await problems(prometheus, {}, 'http://x:1')).toContain('must be HOST:PORT');
});
