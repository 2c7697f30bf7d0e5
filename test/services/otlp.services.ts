// What a run sends to OpenTelemetry, decoded by OpenTelemetry's own classes for Python.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { RunResult } from '../../packages/wire/dist/index.js';
import { Drumline } from '../support/drumline.js';
import { Receiver } from '../support/metric-receivers.js';
import { startSite } from '../support/site.js';
import { tempProjects } from '../support/temp-project.js';

const project = tempProjects();
const isThere =
  spawnSync('python3', ['-c', 'import opentelemetry.proto.metrics.v1.metrics_pb2']).status === 0;
const SCENARIO = `
import { constant, scenario, startWith, user } from 'drumline';
const visitor = user('visitor', { wait: constant('5ms'), tasks: { home: async ({ http }) => void (await http.get('/')) } });
export default scenario({ users: [visitor], load: startWith(5).hold('3s'), http: { tracing: { sample: 0.1 } } });
`;

(isThere ? test : test.skip)(
  isThere
    ? 'metrics and spans of a run are those of the report'
    : 'opentelemetry-proto for Python is missing',
  async () => {
    const parents: unknown[] = [];
    const site = await startSite(({ headers }) => {
      parents.push(headers['traceparent']);
      return {};
    });
    await using receiver = await Receiver.start();
    const directory = project({ 'home.ts': SCENARIO });
    const result = join(directory, 'result.json');
    const flags = [
      '-H',
      site.url,
      '--no-api',
      '--no-html',
      '--json',
      result,
      '--out',
      `otlp=${receiver.url}`,
    ];
    await using run = new Drumline(['run', join(directory, 'home.ts'), ...flags]);
    expect(await run.ended).toMatchObject({ code: 0 });
    await site.close();
    const files = receiver.received.flatMap(({ path, body }, at) => {
      const file = join(directory, `${at}.bin`);
      const bytes = gunzipSync(body);
      writeFileSync(file, bytes);
      return bytes.length === 0 ? [] : [path, file];
    });
    const script = fileURLToPath(new URL('otlp/decode.py', import.meta.url));
    const decoded = JSON.parse(execFileSync('python3', [script, ...files], { encoding: 'utf8' })) as (
      Record<string, number> | string[]
    )[];
    const last = decoded.findLast((one): one is Record<string, number> => !Array.isArray(one))!;
    const { totals } = JSON.parse(readFileSync(result, 'utf8')) as RunResult;
    expect(totals.requests).toBe(site.count);
    expect(last).toMatchObject({
      'drumline.requests': site.count,
      'http.client.request.duration': site.count,
      'drumline.received': totals.bytesReceived,
    });
    const spans = decoded.filter((one) => Array.isArray(one)).flat();
    expect(spans.length).toBeGreaterThan(5);
    expect(spans.filter((id) => !parents.includes(id))).toEqual([]);
  },
);
