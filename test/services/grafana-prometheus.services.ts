// The queries of the Grafana dashboard for Prometheus, in a real Prometheus that scrapes a run, or
// receives it by remote write.
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { DASHBOARDS } from '../../scripts/dist/grafana/dashboards.js';
import { Drumline, eventually } from '../support/drumline.js';
import { promqlQueriesOf } from '../support/grafana.js';
import { freePort } from '../support/processes.js';
import { needing } from '../support/programs.js';
import { Prometheus } from '../support/prometheus.js';
import { sentPromql } from '../support/promql.js';
import { tempProjects } from '../support/temp-project.js';

const project = tempProjects();

/** Uses every kind of metric, with errors and exceptions. */
const SHOP = `
import { arrivals, counter, gauge, rate, scenario, trend, user } from 'drumline';
const [orders, queue, hits, sizes] = [counter('orders'), gauge('queue'), rate('hits'), trend('sizes')];
const visitor = user('visitor', { tasks: { any: async ({ http, check, random }) => {
  const status = [200, 201, 404][Math.floor(random() * 3)];
  const reply = await http.get(\`/status/\${status}\`, { name: 'any' });
  check(reply, { 'is 200': (one) => one.status === 200 });
  orders.add(1);
  queue.set(7);
  hits.add(status === 200);
  sizes.add(12);
  if (status === 201) throw new Error('sold out');
} } });
export default scenario({
  users: [visitor],
  load: arrivals('30/s').hold('20s'),
  thresholds: ['error rate < 1%'],
});
`;

/** Panels that have nothing to show of this run. */
const EMPTY = ['Service times of late iterations, p95', 'Parts of requests, p95'];
/** Absent if a load asks for starts only. */
const PLANNED_USERS = 'drumline_users_planned';

const VARIABLES = { $run: '.*', $scenario: '.*', $user: '.*', $name: '.*', $__rate_interval: '3s' };
const QUERIES = promqlQueriesOf(DASHBOARDS['drumline-prometheus']!);

needing('prometheus')('the Grafana dashboard for Prometheus', () => {
  test.each([
    { way: 'scraped with native histograms', isNative: true },
    { way: 'written with classic buckets', isNative: false },
  ])('shows a run that is $way, and counts its statuses as the target does', async ({ isNative }) => {
    const port = await freePort();
    const target = await startTarget();
    await using _ = { [Symbol.asyncDispose]: () => target.close() };
    await using prometheus = await Prometheus.start(isNative ? { target: `127.0.0.1:${port}` } : {});
    const valueOf = async (expr: string): Promise<number | undefined> =>
      await prometheus.value(sentPromql(expr, VARIABLES));
    const path = join(project({ 'shop.ts': SHOP }), 'shop.ts');
    const out = isNative
      ? `prometheus=:${port}`
      : `prometheus-remote-write=${prometheus.url}/api/v1/write?histograms=classic&every=1`;
    await using run = new Drumline(['run', path, '-H', target.url, '--no-api', '--no-html', '--out', out]);
    for (const { panel, expr: shown } of QUERIES) {
      const isDistribution = panel.startsWith('Distribution');
      const isOther = isDistribution && panel.includes('native') !== isNative;
      // A native histogram is no number.
      const expr = isDistribution ? `count(${shown})` : shown;
      const mayBeEmpty =
        EMPTY.includes(panel) || isOther || expr.endsWith('> 0') || expr.includes(PLANNED_USERS);
      // Rates need samples of some seconds, so each query is asked until it has a result.
      if (mayBeEmpty) await valueOf(expr);
      else
        await eventually(
          async () => await valueOf(expr),
          15_000,
          () => `no result: ${expr}`,
        );
    }
    await run.ended;
    for (const status of ['200', '201', '404'])
      expect([
        status,
        await valueOf(`sum(last_over_time(drumline_responses_total{status="${status}"}[5m]))`),
      ]).toEqual([status, target.byStatus[Number(status)]]);
  });
});
