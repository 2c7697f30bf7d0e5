import { describe, expect, test } from '@jest/globals';
import type { DrumlineError } from '@drumline/model';
import { assign, mergeValues } from './assign.js';
import { parseValues } from './parse.js';

function problemsOf(given: unknown): string[] {
  try {
    parseValues(given);
  } catch (error) {
    return (error as DrumlineError).message.split('\n');
  }
  return [];
}

test('values that are not given have their defaults', () => {
  const { mode, workers, image, networkPolicy } = parseValues({ workers: { count: 7 } });
  expect([mode, workers.count, workers.cpu, image.repository]).toEqual(['job', 7, 2, 'drumline']);
  expect(networkPolicy.egress).toHaveLength(1);
});

test('all problems are reported at once, with what was meant', () => {
  const given = {
    worker: {},
    mode: 'jobs',
    workers: { cpu: '500m', count: -1, tolerations: { key: 'a' } },
    master: { memory: '1 GB', linger: 10, extraEnv: ['A=1'] },
    image: { digest: 'sha256:0' },
    args: ['a', 1],
    results: [],
    __proto: 1,
  };
  expect(problemsOf(given)).toEqual([
    'worker: there is no such value (did you mean workers?)',
    expect.stringMatching(/^__proto: there is no such value \(known values: name, namespace, /),
    "mode must be 'job' or 'service' (did you mean 'job'?), not 'jobs'",
    "image.digest must be sha256: and 64 hexadecimal digits, not 'sha256:0'",
    'args must be a list of strings, not ["a",1]',
    "master.memory must be a size such as 512Mi or 1Gi, not '1 GB'",
    'master.linger must be a duration such as 30s or 10m, not 10',
    'master.extraEnv must be a list of objects, not ["A=1"]',
    'workers.count must be a whole number from 0 to 10000, not -1',
    "workers.cpu must be a whole number from 1 to 1024, not '500m'",
    'workers.tolerations must be a list of objects, not {"key":"a"}',
    'results must be a map of values, not []',
  ]);
});

test.each([
  ['scenario.files and scenario.configMap', { scenario: { files: { 'scenario.ts': '' }, configMap: 'a' } }],
  ['scenario.path', { scenario: { files: { 'checkout.ts': '' } } }],
  ['scenario', { mode: 'service', scenario: { configMap: 'a' } }],
  ['target', { target: 'http://shop' }],
  ['workers.count', { workers: { count: 0 } }],
  ['ca.secret', { ca: { secret: 'a', configMap: 'b' } }],
  ['podMonitor.port', { podMonitor: { enabled: true } }],
  ['image.tag', { image: { tag: '1', digest: `sha256:${'0'.repeat(64)}` } }],
  ['results.existingClaim', { results: { persistent: false, existingClaim: 'a' } }],
])('%s: values that exclude each other are one problem', (where, given) => {
  expect(problemsOf(given)).toEqual([expect.stringContaining(where)]);
});

test('keys that the resources set themselves are reserved', () => {
  const given = {
    master: { podLabels: { team: 'load', 'app.kubernetes.io/name': 'other', 'helm.sh/chart': 'x' } },
    workers: { podAnnotations: { 'linkerd.io/inject': 'enabled' } },
    podMonitor: { labels: { 'app.kubernetes.io/instance': 'x' } },
  };
  expect(problemsOf(given)).toEqual([
    'master.podLabels: app.kubernetes.io/name is reserved: Drumline sets it',
    'master.podLabels: helm.sh/chart is reserved: Drumline sets it',
    'workers.podAnnotations: linkerd.io/inject is reserved: set mesh.enabled instead',
    'podMonitor.labels: app.kubernetes.io/instance is reserved: Drumline sets it',
  ]);
  expect(problemsOf({ mesh: { enabled: true }, workers: given.workers })).toEqual([]);
});

test('outputs contain no passwords, except as variables', () => {
  const out = [
    'postgres=postgres://load:secret@db/load',
    'otlp=https://otlp.example?token=secret',
    'ndjson=/results/{run}.ndjson',
  ];
  const problems = problemsOf({ outputs: { out, tap: ['amqp://load:secret@rabbitmq'] } });
  expect(problems).toEqual([
    expect.stringMatching(/^outputs\.out: postgres contains a password: write \$\(NAME\)/),
    expect.stringMatching(/^outputs\.out: otlp contains a password/),
    expect.stringMatching(/^outputs\.tap: amqp contains a password/),
  ]);
  expect(problems.join()).not.toContain('secret@');
  expect(problemsOf({ outputs: { out: ['postgres=postgres://load:$(DB_PASSWORD)@db/load'] } })).toEqual([]);
});

test.each([undefined, null, 'text', 3, [1]])('%p is not a map of values, or has none', (given) => {
  expect(problemsOf(given)).toHaveLength(given === undefined || given === null ? 0 : 1);
});

describe('single values', () => {
  test('are JSON, or text where the value is a string', () => {
    const values = {};
    assign(values, 'workers.count', '7');
    assign(values, 'image.tag', '1.30');
    assign(values, 'workers.nodeSelector.disk', 'true');
    assign(values, 'args', '["--label=a=b"]');
    assign(values, 'scenario.files.scenario\\.ts', '{}');
    assign(values, 'mesh.enabled', 'true');
    expect(values).toEqual({
      workers: { count: 7, nodeSelector: { disk: 'true' } },
      image: { tag: '1.30' },
      args: ['--label=a=b'],
      scenario: { files: { 'scenario.ts': '{}' } },
      mesh: { enabled: true },
    });
  });

  test('cannot reach the prototype', () => {
    const values = {};
    assign(values, '__proto__.polluted', '1');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(problemsOf(values)).toEqual([expect.stringContaining('__proto__: there is no such value')]);
  });
});

test('files are merged, and later ones override', () => {
  const values = { workers: { count: 1, cpu: 2 }, args: ['a'] };
  const more = { workers: { count: 3 }, args: ['b'] };
  mergeValues(values, more);
  expect(values).toEqual({ workers: { count: 3, cpu: 2 }, args: ['b'] });
  assign(values, 'workers.count', '5');
  expect(more.workers.count).toBe(3);
});
