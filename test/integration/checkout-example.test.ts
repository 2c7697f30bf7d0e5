// The complete example. Its counts equal those of the shop.
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { Drumline } from '../support/drumline.js';

const SCENARIO = fileURLToPath(new URL('../../examples/checkout/scenario.ts', import.meta.url));

test('the checkout example has each visit that was due, and judges its phases', async () => {
  const target = await startTarget();
  try {
    const parameters = ['--param', 'peak=20', '--param', 'hold=2s', '--param', 'basket=3'];
    const outputs = ['--json', '-', '--quiet', '--no-html', '--no-api'];
    const where = ['-H', target.url, '--workers', '2', '--lanes', '1'];
    await using run = new Drumline(['run', SCENARIO, ...where, ...parameters, ...outputs]);
    const result = JSON.parse((await run.ended).stdout) as RunResult;

    expect(result.totals).toMatchObject({ requests: target.count, failures: 0 });
    const { schedule = [], metrics, series, thresholds = [] } = result;
    const visits = schedule.filter(({ user }) => user === 'customer');
    expect(visits.map(({ phase, dropped, skipped }) => [phase, dropped, skipped])).toEqual([
      ['peak', 0, 0],
      ['warmUp', 0, 0],
    ]);
    const started = visits.reduce((sum, one) => sum + one.started, 0);
    expect(target.byPath.get('POST /login')).toBe(started);
    expect(target.byPath.get('POST /cart')).toBe(3 * started);
    const orders = metrics.reduce((sum, one) => sum + (one.kind === 'counter' ? one.sum : 0), 0);
    expect([orders, target.byPath.get('GET /slow')]).toEqual([started, started]);
    expect(new Set(metrics.map(({ tags }) => `${tags!['phase']} ${tags!['tier']}`)).size).toBe(4);
    expect(series.filter(({ part }) => part).map(({ name, tags }) => [name, tags['phase']])).toEqual([
      ['checkout', 'peak'],
      ['checkout', 'warmUp'],
    ]);

    expect(thresholds.map(({ of }) => of)).toEqual([
      'phase peak',
      'pay, phase peak',
      'user customer',
      'metric orders, phase peak',
      'check is logged in',
      '',
    ]);
    expect(thresholds.filter(({ unit, passed }) => unit !== 'ms' && !passed)).toEqual([]);
    expect(thresholds[0]!.observed).toBeGreaterThan(0);
  } finally {
    await target.close();
  }
});
