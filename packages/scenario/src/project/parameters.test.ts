import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { GivenParameters, Plan } from '@drumline/model';
import { checkScenario } from '@drumline/scenario/project';
import { tempProjects } from '../../../../test/support/temp-project.js';

const project = tempProjects();

function check(body: string, given: Readonly<Record<string, unknown>> = {}): Promise<Plan> {
  const imports = `import { param, ramp, scenario, startWith, user } from 'drumline';\n`;
  const folder = project({ 'shop.js': imports + body });
  const parameters: GivenParameters = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, { value, where: `--param ${name}` }]),
  );
  const checked = checkScenario(join(folder, 'shop.js'), { parameters }, { types: false });
  return checked.then(({ plan }) => plan);
}

async function problemsOf(body: string, given: Readonly<Record<string, unknown>> = {}): Promise<string> {
  return await check(body, given).then(
    () => 'it is not refused',
    (error: unknown) => (error as Error).message,
  );
}

const VISITOR = `user('visitor', { tasks: { t() {} } })`;
const ALL = `
  const users = param('users', { default: 3, min: 1, max: 10, help: 'at the peak' });
  const profile = param('profile', { choices: ['smoke', 'load'], env: 'DRUMLINE_BENCH_UNSET' });
  const hold = param('hold', { kind: 'duration', default: '5m', max: '1h' });
  const quick = param('quick', { default: false });
  const target = param('target', { default: 'http://shop.example' });
  export default scenario({
    name: [profile, quick].join(), target, users: [${VISITOR}], load: ramp({ to: users, over: 0 }).hold(hold),
  });`;

test('every kind of value can be given, and is used in load, target and name', async () => {
  const given = { users: '5', profile: 'load', hold: '90s', quick: 'true', target: 'http://other.example' };
  const plan = await check(ALL, given);
  expect(plan.parameters).toEqual({ ...given, users: 5, quick: true });
  expect(plan).toMatchObject({ name: 'load,true', target: 'http://other.example' });
  expect(plan.load.parts.map(({ workload }) => workload)).toEqual([
    {
      kind: 'users',
      profile: {
        fromUsers: 0,
        stages: [
          { durationMs: 0, toUsers: 5 },
          { durationMs: 90_000, toUsers: 5 },
        ],
      },
    },
  ]);
});

test('a value comes from the command line, else from the variable, else from the default', async () => {
  const body = `
    param('path', { env: 'PATH', default: '/bin' });
    param('other', { env: 'DRUMLINE_BENCH_UNSET', default: 3 });
    param('nothing', { env: 'DRUMLINE_BENCH_UNSET' });
    export default scenario({ users: [${VISITOR}] });`;
  const sources = async (given: Readonly<Record<string, string>>): Promise<unknown> => {
    const { parameters, parameterFacts = [] } = await check(body, given);
    return parameterFacts.map(({ name, source }) => [parameters?.[name], source]);
  };
  expect(await sources({})).toEqual([
    [process.env['PATH'], 'environment'],
    [3, 'default'],
    [undefined, 'unset'],
  ]);
  expect(await sources({ path: '/usr/bin', other: '4', nothing: '' })).toEqual([
    ['/usr/bin', 'given'],
    [4, 'given'],
    ['', 'given'],
  ]);
});

test('all problems of parameters are reported together, with other problems of the scenario', async () => {
  const given = { usres: 3, users: '0', profile: 'smok', hold: '5 parsecs', quick: 'yes' };
  const text = await problemsOf(`${ALL}\nparam('key', { required: true, env: 'KEY' });`, given);
  for (const line of [
    '--param users: "0" is less than the minimum of 1',
    '--param profile: "smok" is not a choice\n      → did you mean smoke? (choices: smoke, load)',
    '--param hold: "5 parsecs" is not a duration',
    '--param quick: "yes" is not true or false',
    "--param usres: the scenario has no parameter 'usres'\n      → did you mean users?",
    "param('key'): has no value\n      → pass --param key=…, or set the environment variable KEY",
  ]) {
    expect(text).toContain(line);
  }
});

test('problems of declarations are reported', async () => {
  const text = await problemsOf(`
    param('2x', { default: 1 });
    param('a', { defualt: 1 });
    param('b', { default: 5, max: 3 });
    param('c', { default: 'x', choices: ['y'] });
    param('d', { secret: true, default: 7 });
    param('e', { min: 3 });
    param('f', { default: 1 }); param('f', { default: 2 });
    export default scenario({ users: [${VISITOR}], wieght: 1 });`);
  for (const line of [
    "param('2x'): names have letters",
    "param('a'): defualt is not an option\n      → did you mean default?",
    "param('b'): default: 5 is more than the maximum of 3",
    'param(\'c\'): default: "x" is not a choice',
    "param('d'): a secret must be text",
    "param('e'): min needs a number or a duration",
    "param('f'): is declared twice with different options",
    'wieght: is not an option',
  ]) {
    expect(text).toContain(line);
  }
});

test('code that throws for want of a value reports the parameter, not a stack', async () => {
  const text = await problemsOf(`
    const stage = param('stage', { required: true });
    export default scenario({ target: stage.toLowerCase(), users: [${VISITOR}] });`);
  expect(text).toContain("param('stage'): has no value");
  expect(text).not.toContain('TypeError');
});
