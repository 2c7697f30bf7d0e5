// The features of a scenario, checked in the report of a real run.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import { makeCertificate } from '../contract/support/certificates.js';
import { serveHttps } from '../contract/support/servers.js';
import { Cluster, Drumline, scenarioPath } from '../support/drumline.js';

let target: Target;
beforeEach(async () => {
  target = await startTarget();
});
afterEach(async () => {
  await target.close();
});

test('every part of a scenario is executed, counted and named', async () => {
  await using cluster = await Cluster.start('features', ['-H', target.url]);
  const worker = cluster.addWorker('w1');
  const result = await cluster.result();
  const { output } = await worker.ended;
  const rows = Object.fromEntries(
    result.series.map((series) => [
      `${series.protocol} ${series.method} ${series.name}`.replace('  ', ' '),
      series,
    ]),
  );
  const ofHttp = result.series.filter(({ protocol }) => protocol === 'http');
  expect(ofHttp.reduce((sum, { requests }) => sum + requests, 0)).toBe(target.count);

  // Users, cookies, setup and teardown, names and tags.
  expect(rows['http POST /login']).toMatchObject({ requests: 1, user: 'once', tags: { tier: 'gold' } });
  expect(rows['http POST /cart']).toMatchObject({
    requests: 1,
    failures: 0,
    tags: { step: 'cart', tier: 'gold' },
  });
  expect(rows['http GET setup products']).toMatchObject({ requests: 1, user: '(setup)' });
  expect(rows['http GET teardown of 20']).toMatchObject({ requests: 1, user: '(teardown)' });
  // Requests that the scenario marks as failed.
  expect(rows['http GET unavailable']).toMatchObject({ failures: 1 });
  expect(rows['http GET expected 404']).toMatchObject({ failures: 0 });
  expect(rows['http GET marked failed']).toMatchObject({ failures: 1 });
  expect(rows['http GET failed later']).toMatchObject({ requests: 1, failures: 1 });
  expect(Object.fromEntries(result.errors.map(({ name, error }) => [name, error]))).toEqual({
    unavailable: 'status 503',
    'marked failed': 'not what it should be',
    'failed later': 'seen later',
    topic: 'no broker',
    broken: 'out of order',
  });
  // Custom protocols.
  expect(rows['mqtt PUBLISH topic']).toMatchObject({
    requests: 2,
    failures: 1,
    latencyMs: { min: 7.5, max: 12.5, mean: 10 },
    bytesSent: 10,
  });
  expect(rows['job fine']).toMatchObject({ requests: 1, failures: 0 });
  expect(rows['job broken']).toMatchObject({ requests: 1, failures: 1 });
  // Checks and metrics. The user was interrupted in its sleep and had time for onStop.
  expect(result.checks).toEqual([
    { name: 'cookies are kept', passes: 1, fails: 0 },
    { name: 'every step in order', passes: 1, fails: 0 },
    { name: 'never true', passes: 0, fails: 1 },
    { name: 'text travels with the bundle', passes: 1, fails: 0 },
    { name: 'the setup result is here', passes: 1, fails: 0 },
    { name: 'throws', passes: 0, fails: 1 },
  ]);
  expect(result.metrics).toMatchObject([
    { name: 'cache_hits', kind: 'rate', hits: 1, total: 2, rate: 0.5 },
    {
      name: 'cart_size',
      kind: 'trend',
      count: 5,
      values: { min: 1, p50: expect.closeTo(3, 2), max: 10, mean: 4 },
    },
    { name: 'orders', kind: 'counter', sum: 3 },
    { name: 'queue', kind: 'gauge', last: 3, min: 3, max: 5 },
  ]);
  expect(result.exceptions).toMatchObject([
    // An error in a condition fails the check and counts as an exception.
    { user: 'once', task: 'checks', message: 'x', occurrences: 1 },
    { user: 'once', task: 'end', message: 'this task always throws', occurrences: 1 },
  ]);
  expect(result.exceptions[0]!.stack).toMatch(/features\.ts:\d+/);
  expect(result).toMatchObject({ exit: 'requests-failed', code: 1 });
  // Hooks.
  expect(result.output).toMatch(
    new RegExp(
      `hook: w1 joined[^]*hook: master starts features.ts[^]*hook: second \\d+ has [1-9][^]*hook: master stops with requests-failed and ${result.totals.requests} requests`,
    ),
  );
  expect(output).toMatch(
    /hook: w1\/0 starts[^]*hook: \d+ seconds of lane 0 have [1-9]\d* requests[^]*hook: w1\/0 stops/,
  );
});

test('a user that stops itself runs onStop, and tags select tasks', async () => {
  await using run = new Drumline([
    'run',
    scenarioPath('tags'),
    '-H',
    target.url,
    '--tags',
    'read',
    '--exclude-tags',
    'slow',
    '--json',
    '-',
    '--quiet',
    '--no-html',
    '--no-api',
  ]);
  const { output, code } = await run.ended;
  const result = JSON.parse(output) as { series: { name: string; user: string }[] };
  expect(new Set(result.series.map(({ name }) => name))).toEqual(new Set(['read', 'nested read', 'goodbye']));
  expect(new Set(result.series.map(({ user }) => user))).toEqual(new Set(['reader']));
  expect([...target.byPath.keys()]).toEqual(expect.arrayContaining(['GET /status/200']));
  expect(code).toBe(0);
});

test('for a target with an untrusted certificate, the report has a hint', async () => {
  const identity = makeCertificate({ commonName: 'localhost', hosts: ['localhost'] });
  const secure = await serveHttps(identity, (_, reply) => reply.end());
  try {
    await using cluster = await Cluster.start('quick', ['-H', secure.origin, '--iterations', '40']);
    cluster.addWorker('w1');
    const result = await cluster.result();
    expect(result.errors.map(({ error }) => error)).toEqual(['TLS: self-signed certificate']);
    expect(result.notes).toEqual([
      {
        code: 'failure-hint',
        message:
          "Requests failed with 'TLS: self-signed certificate'. Trust the authority with http.tls.ca (PEM text), " +
          'or accept any certificate with http.tls.rejectUnauthorized: false.',
      },
    ]);
    expect(cluster.master.output).toContain('http.tls.ca');
  } finally {
    await secure.close();
  }
});
