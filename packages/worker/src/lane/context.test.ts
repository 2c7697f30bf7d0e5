import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { HttpDriver, isInterrupted, WsDriver } from '@drumline/drivers';
import type { Sample } from '@drumline/model';
import { checkScenario } from '@drumline/scenario/project';
import { installInputs } from '@drumline/scenario/runtime';
import { tempProjects } from '../../../../test/support/temp-project.js';
import { serveHttp, type TestServer } from '../../../../test/contract/support/servers.js';
import { LaneContext } from './context.js';
import { RowPool } from './shared/row-pool.js';
import { laneTiming } from './timing.js';
import { LatestStart } from './latest-start.js';
import { MeasureWatch } from './measure-watch.js';
import { isUnwinding } from './unwinding.js';

const project = tempProjects();
let server: TestServer;
let requests = 0;
let context: LaneContext;
let close: () => Promise<void>;
let pool: RowPool;
const samples: Sample[] = [];
const told = { checks: [] as string[], measures: [] as string[], thrown: [] as unknown[] };
const stopped: string[] = [];

beforeEach(async () => {
  requests = 0;
  samples.length = told.checks.length = told.measures.length = told.thrown.length = stopped.length = 0;
  server = await serveHttp((_, response) => {
    requests += 1;
    response.end('ok');
  });
  const options = {
    target: server.origin,
    now: () => performance.now(),
    onSample: (sample: Sample) => samples.push(sample),
    onLateFailure: () => {},
    onResend: () => {},
    onTransfer: () => {},
    onMessage: () => {},
    drumlineVersion: '1.2.3',
  };
  const http = await HttpDriver.open(options);
  const sink = {
    seed: 1,
    lane: { index: 0, count: 1 },
    measures: new MeasureWatch((measure) => told.measures.push(measure)),
    latestStart: new LatestStart(),
    poolOf: () => pool,
    leased: () => {},
    now: () => performance.now(),
    record: (sample: Sample) => void samples.push(sample),
    check: (name: string) => void told.checks.push(name),
    threw: (_user: string, _task: string, error: unknown) => void told.thrown.push(error),
    stopRun: (user: string, task: string, reason: unknown) =>
      void stopped.push(`${user}/${task}: ${String(reason)}`),
  };
  const drivers = { http, ws: new WsDriver(options), grpc: undefined };
  context = new LaneContext({ index: 3, type: 'shopper', tags: {} }, sink, drivers);
  context.task = 'pay';
  context.control = { stop: () => stopped.push('stop'), leave: () => stopped.push('leave') };
  close = async () => {
    await context.close();
    await http.close();
    await server.close();
  };
});
afterEach(() => close());

/** The error that a call throws or rejects with. */
async function refusalOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
    return 'nothing';
  } catch (error) {
    return error;
  }
}

const OF_PROTOCOL = { protocol: 'job', name: 'work' };

/** All calls that a task can make. */
const CALLS: readonly (readonly [string, (user: LaneContext) => unknown])[] = [
  ['check', ({ check }) => check(1, { fine: () => true })],
  ['measure', ({ measure }) => measure(OF_PROTOCOL, () => 1)],
  ['step', ({ step }) => step('part', () => 1)],
  ['record', ({ record }) => record({ ...OF_PROTOCOL, durationMs: 1 })],
  ['sleep', ({ sleep }) => sleep(1)],
  ['background', ({ background }) => background(() => {})],
  ['http.get', ({ http }) => http.get('/')],
  ['http.events', async ({ http }) => await http.events('/')[Symbol.asyncIterator]().next()],
  ['ws.connect', ({ ws }) => ws.connect('/')],
  ['iteration.end', ({ iteration }) => iteration.end()],
  ['user.stop', ({ user }) => user.stop()],
];

describe('code that catches an unwinding', () => {
  test.each(CALLS)('gets it again from %s', async (_, call) => {
    const { http } = context;
    await http.get('/before');
    expect(isUnwinding(await refusalOf(() => context.iteration.end()))).toBe(true);
    const before = samples.length;
    expect(isUnwinding(await refusalOf(() => call(context)))).toBe(true);
    expect([requests, samples.length - before, told.checks]).toEqual([1, 0, []]);
  });

  test.each(CALLS.slice(0, 7))('can call %s again after the unwinding', async (_, call) => {
    await refusalOf(() => context.iteration.end());
    expect(context.settle()).toBe('iteration');
    expect(context.settle()).toBeUndefined();
    expect(await refusalOf(() => call(context))).toBe('nothing');
  });

  test('unwinds further with user.stop() than with iteration.end(), in either order', async () => {
    await refusalOf(() => context.iteration.end());
    await refusalOf(() => context.user.stop());
    await refusalOf(() => context.iteration.end());
    expect([context.settle(), stopped]).toEqual(['user', ['leave']]);
  });
});

test('run.stop reports the user and task, and ends the user', async () => {
  expect(isUnwinding(await refusalOf(() => context.run.stop('sold out')))).toBe(true);
  expect([stopped, context.settle()]).toEqual([['shopper/pay: sold out', 'stop'], 'user']);
});

test('a condition that unwinds is not a failed check', async () => {
  const { check, iteration } = context;
  expect(isUnwinding(await refusalOf(() => check(1, { left: () => iteration.end() })))).toBe(true);
  expect(told.checks).toEqual([]);
});

test('a condition that throws fails its check, and the exception is counted', () => {
  const broken = new Error('no body');
  const fails = (): boolean => {
    throw broken;
  };
  expect(context.check(1, { fails, fine: () => true })).toBe(false);
  expect([told.checks, told.thrown]).toEqual([['fails', 'fine'], [broken]]);
});

test('an async condition is rejected, because its promise would always pass', () => {
  const refuses = async (): Promise<boolean> => await Promise.reject(new Error('unseen'));
  const conditions = { refuses: refuses as unknown as () => boolean };
  expect(() => context.check(1, conditions)).toThrow("check: the condition 'refuses' is async");
  expect(told.checks).toEqual([]);
});

test('after an `expect` that unwinds, the status decides', async () => {
  const { http, iteration } = context;
  await http.get('/', { expect: () => iteration.end() });
  expect(samples.map(({ outcome }) => outcome)).toEqual(['passed']);
});

describe('invalid values are rejected at the call', () => {
  const timed = { ...OF_PROTOCOL, durationMs: 1 };
  test.each([
    ['durationMs', { ...timed, durationMs: Number.NaN }],
    ['durationMs', { ...timed, durationMs: -1 }],
    ['durationMs', { ...timed, durationMs: Infinity }],
    ['durationMs', { ...timed, durationMs: '1' as unknown as number }],
    ['durationMs', { ...OF_PROTOCOL } as typeof timed],
    ['name', { ...timed, name: '' }],
    ['name', { ...timed, name: {} as string }],
    ['protocol', { ...timed, protocol: 5 as unknown as string }],
  ])('%s of record', (field, sample) => {
    expect(() => context.record(sample)).toThrow(`record: ${field} is `);
    expect(samples).toEqual([]);
  });

  test('the name of measure and step', async () => {
    const nameless = { a: 1 } as unknown as string;
    await expect(context.measure({ protocol: 'job', name: nameless }, () => 1)).rejects.toThrow(
      'measure: name',
    );
    await expect(context.step(nameless, () => 1)).rejects.toThrow('step: name is {"a":1}');
    expect(samples).toEqual([]);
  });
});

test('background work continues during an unwinding', async () => {
  const seen: unknown[] = [];
  context.background(async ({ http, sleep }) => {
    await sleep(5);
    seen.push((await http.get('/background')).status);
  });
  await refusalOf(() => context.iteration.end());
  await new Promise((resolve) => setTimeout(resolve, 40));
  await context.endBackground(1_000);
  expect([seen, told.thrown]).toEqual([[200], []]);
});

test('background work ends with the user, cannot start after it, and its exceptions are counted', async () => {
  const ends: unknown[] = [];
  context.background(async ({ sleep }) => {
    await sleep('1h').catch((error: unknown) => ends.push(isInterrupted(error)));
  });
  context.background(
    ({ signal }) =>
      new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve());
      }),
  );
  context.background(() => Promise.reject(new Error('broken')));
  context.background(() => {
    throw new Error('broken at once');
  });
  await context.endBackground(1_000);
  expect(ends).toEqual([true]);
  expect(told.thrown.map(String).sort()).toEqual(['Error: broken', 'Error: broken at once']);
  expect(String(await refusalOf(() => context.background(() => {})))).toContain(
    'while the user was stopping',
  );
});

test('a measure around requests is reported once; one without requests inside is not', async () => {
  const { http, measure, step } = context;
  await http.get('/');
  await measure({ protocol: 'job', name: 'empty' }, () => 1);
  await step('around', () => http.get('/'));
  for (let time = 0; time < 3; time += 1)
    await measure({ protocol: 'job', name: 'full' }, () => http.get('/'));
  expect(told.measures).toEqual(["measure('job', 'full') of user type 'shopper'"]);
});

test.each<[string, () => unknown, string, string | undefined]>([
  ['passes', () => 1, 'passed', undefined],
  ['throws', () => Promise.reject(new Error('no')), 'failed', 'no'],
  ['is cut off', () => context.sleep('1h'), 'interrupted', undefined],
  ['is left', () => context.iteration.end(), 'passed', undefined],
])('a step whose work %s counts accordingly, outside the totals', async (_, work, outcome, failure) => {
  const done = refusalOf(() => context.step('part', work));
  if (outcome === 'interrupted') context.cut();
  await done;
  expect(samples).toMatchObject([{ outcome, series: { protocol: 'step', method: '', name: 'part' } }]);
  expect(samples[0]!.failure).toBe(failure);
});

test.each(['measure', 'record'])('%s rejects the protocol of steps', async (call) => {
  const what = { protocol: 'step', name: 'x', durationMs: 1 };
  const { protocol, name } = what;
  const refused = await refusalOf(() =>
    call === 'record' ? context.record(what) : context.measure({ protocol, name }, () => 1),
  );
  expect(String(refused)).toContain("protocol 'step' is reserved for step(name, work)");
});

test('a user makes no call while others may have a row that it has borrowed', async () => {
  const declared = { ordinal: 0, source: { kind: 'lines', path: 'rows.txt' }, options: { use: 'borrow' } };
  const body = `import { data, scenario, user } from 'drumline';
    data.lines('rows.txt', { use: 'borrow' });
    export default scenario({ users: [user('u', { tasks: { t() {} } })] });`;
  const folder = project({ 'rows.txt': 'Anna', 'shop.js': body });
  const { plan } = await checkScenario(join(folder, 'shop.js'), {}, { types: false });
  installInputs(plan, {});
  const shared = {
    ask: <A>() => Promise.resolve({ ranges: [[0, 1]] } as A),
    onWake: () => {},
  };
  const lease = { isExpired: false, stoppedByMs: Infinity };
  pool = new RowPool({ table: 0, use: 'borrow', whenEmpty: 'wait' }, shared, laneTiming, lease);
  const { http, borrow } = context;
  expect(await borrow({ kind: 'table', use: 'borrow', declared } as never)).toBe('Anna');
  await http.get('/with-row');
  lease.stoppedByMs = 0;
  for (const call of [() => http.get('/'), () => context.ws.connect('/')])
    expect(isInterrupted(await refusalOf(call))).toBe(true);
  expect([requests, samples.length]).toEqual([1, 1]);
  context.endIteration(undefined);
  await http.get('/without-row');
  expect(requests).toBe(2);
});

test('a user that was cut off can be revived with its connections and cookies', async () => {
  const { http } = context;
  http.cookies.set('session', '7');
  context.cut();
  expect(isInterrupted(await refusalOf(() => http.get('/')))).toBe(true);
  context.revive();
  expect((await http.get('/')).status).toBe(200);
  expect(context.signal.aborted).toBe(false);
});
