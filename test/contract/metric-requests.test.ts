// How requests of metrics are authenticated and configured, and which form a scraper gets.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
// @ts-expect-error -- it has no types
import library from 'aws4';
import { otlp } from '../../packages/outputs/dist/otlp/index.js';
import type { Output, OutputFactory } from '../../packages/outputs/dist/output.js';
import { prometheus } from '../../packages/outputs/dist/prometheus/index.js';
import { remoteWrite } from '../../packages/outputs/dist/remote-write/index.js';
import { feed, intervalsOf } from '../../packages/outputs/dist/testing.js';
import { otlpMetrics, Receiver } from '../support/metric-receivers.js';

/** The oracle: https://github.com/mhart/aws4 */
const aws4 = library as {
  sign(request: object, credentials: object): { headers: Record<string, string> };
};

let receiver: Receiver;
beforeAll(async () => void (receiver = await Receiver.start()));
afterAll(() => receiver[Symbol.asyncDispose]());
beforeEach(() => void receiver.received.splice(0));

const variables: string[] = [];
afterEach(() => {
  for (const name of variables.splice(0)) delete process.env[name];
});

function setVariables(values: Readonly<Record<string, string>>): void {
  Object.assign(process.env, values);
  variables.push(...Object.keys(values));
}

async function create(factory: OutputFactory, options = {}, url?: string): Promise<Output> {
  return await factory.create({ name: factory.name, options, ...(url !== undefined && { url }) });
}

test('requests are signed for AWS with the keys in its variables', async () => {
  const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'EXAMPLE-KEY' };
  setVariables(keys);
  const url = `${receiver.url}/workspaces/ws-1/api/v1/remote_write`;
  const options = { sigv4: 'true', region: 'eu-central-1' };
  await feed(await create(remoteWrite, options, url), intervalsOf(21, { seconds: 2 }));
  expect(receiver.received.length).toBeGreaterThan(1);
  for (const { path, headers, body } of receiver.received) {
    const names = /SignedHeaders=([^,]+)/.exec(headers.authorization!)![1]!.split(';');
    const signed = Object.fromEntries(names.map((name) => [name, String(headers[name])]));
    expect(names).toEqual(expect.arrayContaining(['content-type', 'host', 'x-amz-date']));
    const { host, 'x-amz-date': date, ...rest } = signed;
    const oracle = aws4.sign(
      {
        host,
        method: 'POST',
        path,
        body,
        service: 'aps',
        region: 'eu-central-1',
        headers: { Host: host, ...rest, 'X-Amz-Date': date },
        // It is added after the signature.
        extraHeadersToIgnore: { 'content-length': true },
      },
      { accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey: keys.AWS_SECRET_ACCESS_KEY },
    );
    expect(headers.authorization).toBe(oracle.headers['Authorization']);
  }
});

test('tokens come from an option or a variable, and users from the URL', async () => {
  setVariables({ METRICS_TOKEN: 'abc' });
  const authorizationOf = async (options: object, url = receiver.url): Promise<string | undefined> => {
    await (
      await create(remoteWrite, options, url)
    ).check!();
    return receiver.received.pop()!.headers.authorization;
  };
  expect(await authorizationOf({ token: 'x' })).toBe('Bearer x');
  expect(await authorizationOf({ 'token-env': 'METRICS_TOKEN' })).toBe('Bearer abc');
  expect(await authorizationOf({}, receiver.url.replace('//', '//ada:b%20c@'))).toBe(
    `Basic ${Buffer.from('ada:b c').toString('base64')}`,
  );
  expect(await authorizationOf({})).toBeUndefined();
});

test('the variables of OpenTelemetry are obeyed, and options take precedence', async () => {
  setVariables({
    OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/base/`,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/spans`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=a%3Db,x-other=1',
    OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-other=2',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'Delta',
    OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: 'explicit_bucket_histogram',
    OTEL_METRIC_EXPORT_INTERVAL: '2000',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=stage,team=shop',
  });
  await feed(await create(otlp), intervalsOf(22, { seconds: 4 }));
  const [probe, spansProbe, ...sent] = receiver.received;
  expect([probe!.path, spansProbe!.path]).toEqual(['/base/v1/metrics', '/spans']);
  expect(probe!.headers).toMatchObject({ 'x-tenant': 'a=b', 'x-other': '2' });
  expect(spansProbe!.headers).toMatchObject({ 'x-tenant': 'a=b', 'x-other': '1' });
  expect(probe!.headers['content-encoding']).toBeUndefined();
  expect(sent).toHaveLength(3);
  const metrics = otlpMetrics(sent[0]!);
  const durations = metrics.find(({ name }) => name === 'http.client.request.duration')!;
  expect({ kind: durations.kind, temporality: durations.temporality }).toEqual({
    kind: 'histogram',
    temporality: 1,
  });
  expect(durations.resource).toMatchObject({ 'deployment.environment.name': 'stage', team: 'shop' });

  receiver.received.splice(0);
  const options = {
    temporality: 'cumulative',
    histograms: 'exponential',
    compression: 'gzip',
    traces: 'false',
  };
  await feed(await create(otlp, options, receiver.url), intervalsOf(22, { seconds: 1 }));
  expect(receiver.received.map(({ path }) => path)).toEqual(['/v1/metrics', '/v1/metrics']);
  const again = otlpMetrics(receiver.received[1]!).find(
    ({ name }) => name === 'http.client.request.duration',
  )!;
  expect({ kind: again.kind, temporality: again.temporality }).toEqual({
    kind: 'exponentialHistogram',
    temporality: 2,
  });
});

test('wrong variables of OpenTelemetry are problems of the output', async () => {
  setVariables({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_TIMEOUT: 'long' });
  const error = await create(otlp).then(
    () => '',
    ({ message }: Error) => message,
  );
  expect(error).toContain('OTEL_EXPORTER_OTLP_PROTOCOL is grpc, but only http/protobuf is known');
  expect(error).toContain('OTEL_EXPORTER_OTLP_TIMEOUT must be a number of milliseconds above 0');
});

test('a scraper gets the form that it prefers, and nobody without the token gets any', async () => {
  const output = await create(prometheus, { token: 'abc' }, ':0');
  try {
    const generated = intervalsOf(23, { seconds: 2 });
    await output.check!();
    await output.open(generated.run);
    const url = output.listensAt!;
    const typeFor = async (accept: string): Promise<string> => {
      const response = await fetch(url, { headers: { accept, authorization: 'Bearer abc' } });
      expect(response.status).toBe(200);
      await response.arrayBuffer();
      return response.headers.get('content-type')!.split(';')[0]!;
    };
    const protobuf =
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
    const open = 'application/openmetrics-text;version=1.0.0';
    expect(await typeFor(`${protobuf},${open};q=0.8,*/*;q=0.1`)).toBe('application/vnd.google.protobuf');
    expect(await typeFor(`${protobuf};q=0.2,${open};q=0.8,text/plain;q=0.5`)).toBe(
      'application/openmetrics-text',
    );
    expect(await typeFor('text/html,*/*;q=0.1')).toBe('text/plain');
    expect(await typeFor('application/json')).toBe('text/plain');
    for (const authorization of ['', 'Bearer abd', 'Basic abc'])
      expect((await fetch(url, { headers: { authorization } })).status).toBe(401);
    expect((await fetch(url.replace('/metrics', '/'))).status).toBe(404);
  } finally {
    await output.close();
  }
});

test('a scrape has traced requests as exemplars, and the outputs of the run', async () => {
  const output = await prometheus.create({ name: 'prometheus', url: ':0', options: {} });
  try {
    const generated = intervalsOf(24, { seconds: 1 });
    const [event] = generated.events;
    if (event?.type !== 'closed') throw new Error('no second was closed');
    const { key } = event.counts.series[0]!;
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const spans = [{ key, traceId, endedAtMs: 250, durationUs: 30_000 }];
    await output.check!();
    output.follow!(() => [{ name: 'csv', to: 'seconds.csv', state: 'failing', droppedSeconds: 7 }]);
    await output.open(generated.run);
    output.interval({ ...event, counts: { ...event.counts, spans } }, 1);
    const textFor = async (accept: string): Promise<string> => {
      const response = await fetch(output.listensAt!, { headers: { accept } });
      return await response.text();
    };
    const text = await textFor('application/openmetrics-text;version=1.0.0');
    const atMs = Date.parse(generated.run.startedAt) + 250;
    // In the bucket that holds its 30 ms.
    expect(text.split('\n').filter((line) => line.includes(' # {'))).toEqual([
      expect.stringMatching(/^drumline_request_duration_seconds_bucket\{.*le="0.05"\} \d+ # /),
    ]);
    expect(text).toContain(
      ` # {trace_id="${traceId}",span_id="8448eb211c80319c"} 0.03 ${(atMs / 1_000).toFixed(3)}\n`,
    );
    const plain = await textFor('text/plain');
    expect(plain).not.toContain(' # {');
    const labels = '{run="[^"]*",scenario="[^"]*",output="csv",to="seconds.csv"}';
    expect(plain).toMatch(new RegExp(`drumline_output_dropped_seconds_total${labels} 7\\n`));
    expect(plain).toMatch(new RegExp(`drumline_output_up${labels} 0\\n`));
  } finally {
    await output.close();
  }
});
