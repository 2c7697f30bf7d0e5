import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Load, LoadProfile, Plan, PlanOverrides } from '@drumline/model';
import { checkScenario } from '@drumline/scenario/project';
import { tempProjects } from '../../../../test/support/temp-project.js';

const project = tempProjects();
const LIMIT_MS = 30_000;

/** The profile of a load with one closed part. */
function profileOf({ parts }: Load): LoadProfile {
  const { workload } = parts[0]!;
  if (workload.kind !== 'users') throw new Error(`it is a load of ${workload.kind}`);
  return workload.profile;
}

function check(body: string, overrides: PlanOverrides = {}, limitMs = LIMIT_MS): Promise<Plan> {
  const imports = `import { anyOf, between, inOrder, ramp, scenario, setup, startWith, task, user } from 'drumline';\n`;
  const folder = project({ 'shop.js': imports + body });
  return checkScenario(join(folder, 'shop.js'), overrides, { types: false, limitMs }).then(
    ({ plan }) => plan,
  );
}

/** The error for a scenario. */
async function refusalOf(
  body: string,
  overrides: PlanOverrides = {},
  limitMs = LIMIT_MS,
): Promise<Error & { hint?: string }> {
  const error = await check(body, overrides, limitMs).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ exit: 'scenario-invalid', exitCode: 3 });
  return error as Error;
}

const VISITOR = `const visitor = user('visitor', { tasks: { t() {} } });`;
const withLoad = (load: string): string =>
  `${VISITOR} export default scenario({ users: [visitor], load: ${load} });`;

describe('the plan', () => {
  test('contains the settings of the scenario', async () => {
    const plan = await check(`
      const shopper = user('shopper', { weight: 3, wait: between('1s', '2s'), tasks: { browse: task(3, () => {}), buy() {} } });
      const admin = user('admin', { fixedCount: 2, tasks: inOrder({ login() {}, work: anyOf({ a() {}, b() {} }) }) });
      export default scenario({
        name: 'Shop', target: 'https://shop.example', users: [shopper, admin], stopTimeout: '5s',
        load: ramp({ to: 10, over: '1m' }).hold('2m'),
        setup: setup(() => 1), onMaster: { runStart() {} },
      });`);
    expect(plan).toEqual({
      name: 'Shop',
      target: 'https://shop.example',
      userTypes: [
        { name: 'shopper', weight: 3, laneGroup: 'default', tasks: ['browse', 'buy'] },
        {
          name: 'admin',
          weight: 1,
          fixedCount: 2,
          laneGroup: 'default',
          tasks: ['login', 'work/a', 'work/b'],
        },
      ],
      laneGroups: [{ name: 'default', users: 10 }],
      load: {
        parts: [
          {
            phase: '',
            types: [0, 1],
            startMs: 0,
            workload: {
              kind: 'users',
              profile: {
                fromUsers: 0,
                stages: [
                  { durationMs: 60_000, toUsers: 10 },
                  { durationMs: 120_000, toUsers: 10 },
                ],
              },
            },
          },
        ],
      },
      tags: { include: [], exclude: [] },
      seed: expect.any(Number),
      stopTimeoutMs: 5_000,
      maxSeries: 1_000,
      hasSetup: true,
      hasTeardown: false,
      masterHooks: ['runStart'],
    });
  });

  test('of a minimal scenario is one user until the run is stopped', async () => {
    const plan = await check(`${VISITOR} export default scenario({ users: [visitor] });`);
    expect(plan).toMatchObject({ name: 'shop.js', stopTimeoutMs: 30_000, hasSetup: false });
    expect(profileOf(plan.load).stages.at(-1)).toEqual({ durationMs: null, toUsers: 1 });
  });
});

describe('command-line options', () => {
  const scenario = withLoad("ramp({ to: 10, over: '1m' }).hold('2m')");

  test('--users alone changes the number of users at once, and keeps the length', async () => {
    expect(profileOf((await check(scenario, { users: 50 })).load)).toEqual({
      fromUsers: 0,
      stages: [
        { durationMs: 0, toUsers: 50 },
        { durationMs: 180_000, toUsers: 50 },
      ],
    });
  });

  test('--users with --spawn-rate ramps', async () => {
    expect(profileOf((await check(scenario, { users: 50, spawnRate: 5 })).load).stages).toEqual([
      { durationMs: 10_000, toUsers: 50 },
      { durationMs: 170_000, toUsers: 50 },
    ]);
  });

  test('--run-time cuts a longer load', async () => {
    expect(profileOf((await check(scenario, { runTimeMs: 90_000 })).load).stages).toEqual([
      { durationMs: 60_000, toUsers: 10 },
      { durationMs: 30_000, toUsers: 10 },
    ]);
  });

  test('--run-time extends a shorter load, and ends an unlimited one', async () => {
    const longer = await check(scenario, { runTimeMs: 300_000 });
    expect(profileOf(longer.load).stages.at(-1)).toEqual({ durationMs: 120_000, toUsers: 10 });
    const ended = await check(withLoad('startWith(3).hold()'), { runTimeMs: 5_000 });
    expect(profileOf(ended.load).stages.at(-1)).toEqual({ durationMs: 5_000, toUsers: 3 });
    const lengthened = await check(withLoad('startWith(3)'), { runTimeMs: 5_000 });
    expect(profileOf(lengthened.load).stages.at(-1)).toEqual({ durationMs: 5_000, toUsers: 3 });
  });

  test('--target and --stop-timeout override the scenario', async () => {
    const plan = await check(
      `${VISITOR} export default scenario({ target: 'https://a.example', stopTimeout: '1s', users: [visitor] });`,
      { target: 'http://127.0.0.1:8080', stopTimeoutMs: 2_000 },
    );
    expect(plan).toMatchObject({ target: 'http://127.0.0.1:8080', stopTimeoutMs: 2_000 });
  });

  test('tags remove tasks, and user types without tasks', async () => {
    const tagged = `
      const a = user('a', { tasks: { fast: task({ tags: ['fast'] }, () => {}), slow: task({ tags: ['slow'] }, () => {}) } });
      const b = user('b', { tasks: { slow: task({ tags: ['slow'] }, () => {}) } });
      export default scenario({ users: [a, b] });`;
    const typesWith = async (overrides: PlanOverrides): Promise<unknown> =>
      (await check(tagged, overrides)).userTypes;
    expect(await typesWith({ tags: ['fast'] })).toMatchObject([{ name: 'a', tasks: ['fast'] }]);
    expect(await typesWith({ excludeTags: ['slow'] })).toMatchObject([{ name: 'a', tasks: ['fast'] }]);
    expect((await refusalOf(tagged, { tags: ['none'] })).message).toContain(
      'no task of any user type is left',
    );
  });

  test.each<[PlanOverrides, string]>([
    [{ users: 0 }, '--users: 0 is not a number of users'],
    [{ users: 1e9 }, '--users: 1,000,000,000 users exceed the limit of 10,000,000 users per run'],
    [{ users: 1.5 }, '--users: 1.5 is not a number of users'],
    [{ users: 1, spawnRate: 0 }, '--spawn-rate: 0 is not a spawn rate'],
    [{ spawnRate: 5 }, '--spawn-rate: sets how fast users start, but not how many'],
    [{ runTimeMs: 0 }, '--run-time: is not a valid run time'],
    [{ target: 'shop.example' }, '--target: "shop.example" is not a URL'],
    [{ target: 'https://shop.example/?a=1#b' }, "--target: remove '?a=1#b' from the target"],
    [{ target: 'http://shop.example:0' }, 'its port must be from 1 to 65535'],
    [{ target: 'http://a%zz@shop.example' }, 'not percent-encoded'],
    [{ target: ' http://shop.example' }, "--target: ' http://shop.example' has spaces around it"],
    [
      { target: 'ftp://shop.example' },
      "--target: 'ftp://shop.example' is not a valid target: it must begin with http: or https:",
    ],
  ])('that are wrong are named: %j', async (overrides, message) => {
    expect((await refusalOf(scenario, overrides)).message).toContain(message);
  });
});

describe('problems', () => {
  test('are all reported at once, each with its place', async () => {
    const { message } = await refusalOf(`
      export default scenario({
        target: 'shop',
        stopTimeout: 'soon', failureSamples: 21,
        setup: 5,
        users: [
          user('a', { weight: -1, tasks: { t() {} } }),
          user('a', { fixedCount: 1.5, wait: 3, tasks: { t: task(-2, 'x') } }),
          user('b', { tasks: {} }),
        ],
        load: startWith(2.5).hold().hold('1s'),
      });`);
    expect(message).toMatch(/^shop\.js has \d+ problems:\n/);
    for (const place of [
      'target: "shop" is not a URL',
      'failureSamples: must be a whole number from 0 to 20, not 21',
      "stopTimeout: 'soon' is not a duration",
      'setup: must be a function or setup(…)',
      'users[0].weight: -1 is not a weight',
      "users[1]: the name 'a' is already in use",
      'users[1].fixedCount: 1.5 is not a number of users',
      'users[1].wait: is not a wait time',
      'users[1].tasks.t: -2 is not a weight',
      'users[1].tasks.t: is not a task',
      'users[2].tasks: has no tasks',
      'load: 2.5 is not a number of users',
      'load stage 2: holds until the run is stopped',
    ]) {
      expect(message).toContain(`\n  ${place}`);
    }
  });

  test.each([
    ['no users', 'scenario({ users: [] })', 'users: there are no user types'],
    ['invalid users', 'scenario({ users: ["visitor"] })', 'users[0]: is not a user type'],
    [
      'weights that are all 0',
      `scenario({ users: [user('a', { weight: 0, tasks: { t() {} } })] })`,
      'every weight is 0',
    ],
    [
      'tasks without a group',
      `scenario({ users: [user('a', { tasks: { b: { c() {} } } })] })`,
      'users[0].tasks.b: is not a task',
    ],
    [
      'an invalid load',
      `scenario({ users: [user('a', { tasks: { t() {} } })], load: 5 })`,
      'load: is not a load',
    ],
    [
      'a load of no length',
      `scenario({ users: [user('a', { tasks: { t() {} } })], load: startWith(5) })`,
      'load: has no duration',
    ],
    [
      'an invalid hook',
      `scenario({ users: [user('a', { tasks: { t() {} }, onStart: 1 })], onMaster: { runStart: 2 } })`,
      'onMaster.runStart: is not a function',
    ],
    [
      'no picks',
      `scenario({ users: [user('a', { tasks: anyOf({ t() {} }, { picks: 0 }) })] })`,
      'picks is 0',
    ],
    ['nothing at all', 'scenario()', 'has no scenario as its default export'],
  ])('are named: %s', async (_, value, message) => {
    expect((await refusalOf(`export default ${value};`)).message).toContain(message);
  });
});

describe('invalid HTTP settings', () => {
  test('of the scenario and of user types are reported with the rest', async () => {
    const { message } = await refusalOf(`
      const a = user('a', { http: { sharedConnections: 2 }, tasks: { t() {} } });
      const b = user('b', { http: { connectionsPerUser: 3 }, tasks: { t() {} } });
      const c = user('c', { weight: -1, http: { timout: '5s' }, tasks: { t() {} } });
      export default scenario({ users: [a, b, c], http: { connectionsPerUser: 1 } });`);
    expect(message).toBe(
      'shop.js has 3 problems:\n' +
        '  users[2].weight: -1 is not a weight\n      → use a number from 0 to 1,000,000\n' +
        '  users[0].http: connectionsPerUser cannot be combined with sharedConnections\n' +
        '      → remove one of them\n' +
        '  users[2].http.timout: unknown setting\n      → did you mean timeout?',
    );
  });
});

describe('a scenario that misbehaves while it is loaded is reported:', () => {
  test('it throws', async () => {
    const { message } = await refusalOf(
      `${VISITOR}\nfunction prices() {\n  throw new Error('no price list');\n}\nprices();`,
    );
    expect(message).toContain('shop.js throws while it is loaded: Error: no price list');
    expect(message).toMatch(/at prices \(.*shop\.js:4:9\)/);
    expect(message).not.toContain('node:internal');
    expect(message.match(/ at /g)).toHaveLength(2);
  });

  test('it throws something strange', async () => {
    expect((await refusalOf(`throw null;`)).message).toContain('throws while it is loaded: null');
  });

  test('it uses a metric before there is a run', async () => {
    const { message } = await refusalOf(`import { counter } from 'drumline'; counter('orders').add();`);
    expect(message).toContain('but not while the scenario is loaded');
  });

  test('it ends its process', async () => {
    expect((await refusalOf('process.exit(0);')).message).toContain('it ended its process (exit code 0)');
  });

  test('it never ends', async () => {
    const error = await refusalOf('for (;;) {}', {}, 1_000);
    expect(error.message).toContain('shop.js cannot be read: it took longer than 1 s while it was loaded');
    expect(error.hint).toContain('top level');
  });

  test('it waits forever', async () => {
    const { message } = await refusalOf(
      `setInterval(() => {}, 1000); await new Promise(() => {});`,
      {},
      1_000,
    );
    expect(message).toContain('it took longer than 1 s');
  });

  test('it exports nothing', async () => {
    const error = await refusalOf(VISITOR);
    expect(error.message).toContain('no scenario as its default export');
    expect(error.hint).toContain('export default scenario(');
  });

  test('it exports something else', async () => {
    expect((await refusalOf('export default 42;')).message).toContain('no scenario as its default export');
  });
});
