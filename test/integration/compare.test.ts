// `drumline compare` on stored runs whose response times are known.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Comparison } from '@drumline/master/report';
import { Drumline, type Ended } from '../support/drumline.js';
import { writeFinishedRun, type FinishedRun } from '../support/finished-run.js';
import { tempProjects } from '../support/temp-project.js';

const folder = tempProjects();

const STEADY = { seconds: 150, medianMs: () => 20 };

function dataWith(...runs: (Pick<FinishedRun, 'id' | 'day'> & Partial<FinishedRun>)[]): string {
  const data = join(folder({}), 'data');
  for (const run of runs) writeFinishedRun(data, { ...STEADY, ...run });
  return data;
}

async function compare(data: string, ...args: string[]): Promise<Ended> {
  await using command = new Drumline(['compare', ...args], { DRUMLINE_DATA_DIR: data });
  return await command.ended;
}

async function comparison(data: string, ...args: string[]): Promise<Comparison> {
  return JSON.parse((await compare(data, ...args, '--json')).stdout) as Comparison;
}

const slowOrders = (name: string): number => (name === '/orders' ? 30 : 20);

test('equal runs are the same, and a slower series is named', async () => {
  const data = dataWith(
    { id: '00000001', day: 1, requestsPerSecond: 200, labels: { branch: 'main' } },
    { id: '00000002', day: 2, requestsPerSecond: 200 },
    { id: '00000003', day: 3, requestsPerSecond: 200, medianMs: slowOrders },
  );
  const equal = await comparison(data, '00000001', '00000002');
  expect(equal).toMatchObject({ verdict: 'same', remarks: [] });
  expect(equal.series.map(({ verdict }) => verdict)).toEqual(['same', 'same']);

  const { output, code } = await compare(data, 'label:branch=main', '--fail-if', 'POST /orders: p95 > +20%');
  expect(code).toBe(22);
  expect(output).toMatch(/✗ worse .*\nBaseline +00000001 .*branch=main.*\nNew run +00000003/);
  expect(output).toMatch(/POST \/orders .*\+5\d % .*worse\n/);
  expect(output).toMatch(/GET \/ .* = .*same\n/);
  expect(output).toMatch(/✗ failed +--fail-if 'POST \/orders: p95 > \+20%'/);
  const faster = await comparison(data, 'latest', '00000001');
  expect(faster.verdict).toBe('better');
});

test('the counts of the compared seconds are those that were stored', async () => {
  const data = dataWith({ id: '00000001', day: 1 }, { id: '00000002', day: 2, failing: 0.1 });
  const { baseline, compared, totals, series, statuses } = await comparison(
    data,
    'previous',
    '--skip',
    '30s',
  );
  // The last second is left out, because the end of a run usually cuts it short.
  expect([compared.fromSecond, compared.toSecond, compared.requests]).toEqual([30, 149, 119 * 40]);
  expect(totals.requests).toEqual({ before: baseline.requests, after: compared.requests });
  // Early seconds are stored in intervals of ten seconds.
  expect(series.map(({ requests }) => requests.after)).toEqual([110 * 20, 110 * 20]);
  const errors = totals.statistics.find(({ name }) => name === 'error rate')!;
  expect(errors).toMatchObject({ before: 0, verdict: 'worse' });
  expect(errors.after).toBeCloseTo(0.1, 1);
  expect(statuses).toMatchObject([
    { status: '200', requests: { before: 110 * 40 }, before: 1, verdict: 'fewer' },
    { status: '500', requests: { before: 0 }, before: 0, verdict: 'more' },
  ]);
  const after = statuses!.map(({ requests }) => requests.after);
  expect(after[0]! + after[1]!).toBe(110 * 40);
  expect(statuses![1]!.after).toBe(after[1]! / (110 * 40));
  const { output } = await compare(data, 'previous', '--skip', '30s');
  expect(output).toMatch(/^Status +baseline/m);
  expect(output).toMatch(/^500 +0 % \(0\) .* more$/m);
});

test('what limits a comparison is reported first', async () => {
  const slowStart = (_: string, second: number): number => (second < 25 ? 100 - 3 * second : 20);
  const data = dataWith(
    { id: '00000001', day: 1, medianMs: slowStart },
    { id: '00000002', day: 2, users: 9, requestsPerSecond: 60 },
  );
  const { remarks, baseline } = await comparison(data, 'previous');
  expect(remarks.map(({ code }) => code)).toEqual(['users-differ', 'warm-up']);
  expect(baseline.fromSecond).toBeGreaterThanOrEqual(20);
  expect(baseline.fromSecond).toBeLessThan(60);
});

test('requests that one run lacks are named, and those that its compared seconds lack', async () => {
  const data = dataWith(
    { id: '00000001', day: 1 },
    { id: '00000002', day: 2, hasOrders: (second) => second < 20 },
    { id: '00000003', day: 3, hasOrders: () => false },
  );
  const said = async (run: string): Promise<readonly object[]> =>
    (await comparison(data, '00000001', run, '--skip', '30s')).remarks;
  expect(await said('00000002')).toContainEqual({
    code: 'series-left-out',
    message: "The compared seconds of the new run have no requests 'POST /orders'.",
  });
  expect(await said('00000003')).toContainEqual({
    code: 'series-differ',
    message: "Only the baseline has the requests 'POST /orders'.",
  });
});

test('a difference that may be noise fails only on request', async () => {
  const noisy = (offset: number) => (_: string, second: number) =>
    20 + 15 * Math.sin((second + offset) / 3) ** 2;
  const data = dataWith(
    { id: '00000001', day: 1, seconds: 30, medianMs: noisy(0) },
    { id: '00000002', day: 2, seconds: 30, medianMs: (name, second) => 1.06 * noisy(7)(name, second) },
  );
  const flags = ['previous', '--skip', '0s', '--fail-if', 'p50 > +0.1%'];
  const { code, output } = await compare(data, ...flags);
  expect(output).toMatch(/\? cannot tell .*p50 rose by/);
  expect(output).toMatch(/Longer runs would tell: p50 after about/);
  expect(code).toBe(0);
  expect((await compare(data, ...flags, '--cannot-tell', 'fail')).code).toBe(22);
});

test('a result file is compared by its totals', async () => {
  const data = dataWith({ id: '00000001', day: 1 }, { id: '00000002', day: 2, medianMs: () => 30 });
  const file = join(data, 'result.json');
  await using report = new Drumline(['report', '00000001', '--json', '-'], { DRUMLINE_DATA_DIR: data });
  writeFileSync(file, (await report.ended).stdout);
  const { verdict, series, remarks } = await comparison(data, file, 'latest');
  expect(verdict).toBe('worse');
  expect(series).toEqual([]);
  expect(remarks).toMatchObject([{ code: 'no-histograms' }]);
});

test('mistakes are explained', async () => {
  const data = dataWith(
    { id: '00000001', day: 1, labels: { branch: 'main' } },
    { id: '00000002', day: 2, labels: { branch: 'x', build: '7' } },
  );
  const said = async (...args: string[]): Promise<string> => {
    const { code, output } = await compare(data, ...args);
    expect(code).toBe(2);
    return output;
  };
  expect(await said('latest', 'latest')).toContain('are the same run');
  expect(await said('label:branch=mian')).toMatch(
    /no finished run with branch=mian .*\n.*branch=x, build=7, branch=main/,
  );
  expect(await said('label:branch')).toContain('is not label:NAME=VALUE');
  expect(await said('previous', '00000001')).toContain('no earlier finished run of the same scenario');
  expect(await said('previous', '--fail-if', 'p99 > 10')).toContain(
    "--fail-if: 'p99 > 10': the limit has no unit",
  );
  expect(await said('previous', '--margin', '5')).toContain('--margin');
  const missing = await compare(data, 'previous', '--fail-if', 'POST /order: p99 > +10%');
  expect(missing).toMatchObject({
    code: 22,
    output: expect.stringContaining("did you mean 'POST /orders'?"),
  });
});

test('runs are listed by label', async () => {
  const data = dataWith(
    { id: '00000001', day: 1, seconds: 2, labels: { branch: 'main', build: '6' } },
    { id: '00000002', day: 2, seconds: 2, labels: { branch: 'main', build: '7' } },
    { id: '00000003', day: 3, seconds: 2 },
  );
  // A label for new runs, in the environment, must not filter the list.
  const env = { DRUMLINE_DATA_DIR: data, DRUMLINE_LABEL: 'branch=other' };
  const list = async (...args: string[]): Promise<string> => {
    await using command = new Drumline(['runs', ...args], env);
    return (await command.ended).output;
  };
  expect(await list()).toMatch(/00000003[^]*00000002 .* branch=main build=7\n[^]*00000001/);
  const main = await list('--label', 'branch=main');
  expect([main.includes('00000001'), main.includes('00000002'), main.includes('00000003')]).toEqual([
    true,
    true,
    false,
  ]);
  expect(await list('--label', 'branch=main', '--label', 'build=7')).not.toContain('00000001');
  expect(await list('--label', 'branch=x')).toContain('There are no runs with this label');
});
