// A real OpenTelemetry collector takes what a run sends, and writes it to a file.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Drumline, eventually } from '../support/drumline.js';
import { freePort, isListening } from '../support/processes.js';
import { needing } from '../support/programs.js';
import { startSite } from '../support/site.js';
import { tempProjects } from '../support/temp-project.js';

const COLLECTOR = 'drumline-otelcol';
const project = tempProjects();
const SCENARIO = `
import { constant, scenario, startWith, user } from 'drumline';
const visitor = user('visitor', { wait: constant('5ms'), tasks: { home: async ({ http }) => void (await http.get('/')) } });
export default scenario({ users: [visitor], load: startWith(5).hold('2s'), http: { tracing: { sample: 0.1 } } });
`;

/** A line of the file: a request in the JSON form of OTLP. */
interface Exported {
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly name: string;
        readonly sum?: { readonly dataPoints: readonly { readonly asInt?: string }[] };
        readonly exponentialHistogram?: { readonly dataPoints: readonly { readonly count: string }[] };
      }[];
    }[];
  }[];
  readonly resourceSpans?: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly object[] }[];
  }[];
}

needing(COLLECTOR)('an OpenTelemetry collector', () => {
  test('receives each request of a run, as metrics and spans', async () => {
    let traced = 0;
    const site = await startSite(({ headers }) => {
      if (String(headers['traceparent']).endsWith('-01')) traced += 1;
      return {};
    });
    const directory = project({ 'home.ts': SCENARIO });
    const written = join(directory, 'exported.json');
    const port = await freePort();
    const address = `127.0.0.1:${port}`;
    const pipeline = { receivers: ['otlp'], exporters: ['file'] };
    const config = {
      receivers: { otlp: { protocols: { http: { endpoint: address } } } },
      exporters: { file: { path: written } },
      service: {
        telemetry: { metrics: { level: 'none' } },
        pipelines: { metrics: pipeline, traces: pipeline },
      },
    };
    // JSON is YAML.
    writeFileSync(join(directory, 'config.yaml'), JSON.stringify(config));
    const collector = spawn(COLLECTOR, ['--config', join(directory, 'config.yaml')], { stdio: 'ignore' });
    const ended = once(collector, 'exit');
    try {
      await eventually(async () => ((await isListening(`tcp://${address}`)) ? true : undefined));
      const flags = ['-H', site.url, '--no-api', '--no-html', '--out', `otlp=http://${address}`];
      await using run = new Drumline(['run', join(directory, 'home.ts'), ...flags]);
      expect(await run.ended).toMatchObject({ code: 0 });
    } finally {
      // It writes what it has received.
      collector.kill('SIGTERM');
      await ended;
      await site.close();
    }
    expect(existsSync(written)).toBe(true);
    const lines = readFileSync(written, 'utf8').trim().split('\n');
    const exported = lines.map((line) => JSON.parse(line) as Exported);
    const newest = (name: string) =>
      exported
        .flatMap(({ resourceMetrics = [] }) => resourceMetrics)
        .flatMap(({ scopeMetrics }) => scopeMetrics)
        .flatMap(({ metrics }) => metrics)
        .findLast((metric) => metric.name === name);
    const requests = newest('drumline.requests')?.sum?.dataPoints ?? [];
    expect(requests.reduce((sum, { asInt }) => sum + Number(asInt), 0)).toBe(site.count);
    const timed = newest('http.client.request.duration')?.exponentialHistogram?.dataPoints ?? [];
    expect(timed.reduce((sum, { count }) => sum + Number(count), 0)).toBe(site.count);
    const spans = exported
      .flatMap(({ resourceSpans = [] }) => resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans: some }) => some));
    expect(spans.length).toBeGreaterThan(0);
    expect(spans.length).toBeLessThanOrEqual(traced);
  });
});
