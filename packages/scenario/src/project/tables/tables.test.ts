import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { Plan } from '@drumline/model';
import { checkScenario } from '@drumline/scenario/project';
import { tempProjects } from '../../../../../test/support/temp-project.js';

const project = tempProjects();
const FILES = {
  'accounts.csv': 'id,name\n1,Anna\n2,Bob\n',
  'half.csv': 'id;name\n1;Anna\n',
  'wrong.csv': 'id,name\n1,Anna\nx,Bob\n',
  'list.json': '[{"a":1},{"a":2},{"a":3}]',
  'broken.json': '[1,\n2,,\n3]',
  'list.yaml': '- a: 1\n- a: 2\n',
  'packed.csv.gz': gzipSync('id\n1\n2\n3\n4\n').toString('latin1'),
};

function check(body: string): Promise<Plan> {
  const imports = `import { data, scenario, startWith, user } from 'drumline';\n`;
  const folder = project({ ...FILES, 'shop.js': imports + body });
  return checkScenario(join(folder, 'shop.js'), {}, { types: false }).then(({ plan }) => plan);
}

async function problemsOf(body: string): Promise<string> {
  return await check(body).then(
    () => 'it is not refused',
    (error: unknown) => (error as Error).message,
  );
}

const RUN = `export default scenario({ users: [user('u', { tasks: { t() {} } })] });`;

test('sources of every kind are in the plan with their rows', async () => {
  const { tables = [] } = await check(`
    data.csv('./accounts.csv'); data.csv('half.csv', { delimiter: ';', header: ['x', 'y'] });
    data.json('list.json'); data.yaml('list.yaml'); data.lines('accounts.csv');
    data.files('*.json'); data.files('**/*.csv');
    data.rows(async function* () { yield 1; yield { two: 2 }; });
    ${RUN}`);
  expect(tables.map(({ format, rows }) => [format, rows])).toEqual([
    ['csv', 2],
    ['csv', 2],
    ['ndjson', 3],
    ['ndjson', 2],
    ['lines', 3],
    ['files', 2],
    ['files', 3],
    ['ndjson', 2],
  ]);
});

test('every problem of data is reported at once, with the problems of the scenario', async () => {
  const text = await problemsOf(`
    data.csv('./acounts.csv');
    data.csv('half.csv', { columns: { id: Number } });
    data.csv('accounts.csv', { columns: { ids: Number } });
    data.csv('wrong.csv', { columns: { id: Number } });
    data.json('broken.json');
    data.json('list.yaml');
    data.rows(() => 5);
    data.rows(() => [() => 1]);
    data.files('*.png');
    data.lines('accounts.csv', { order: 'shuffeld' });
    const accounts = data.csv('accounts.csv');
    export default scenario({ users: [user('u', { data: { a: accounts, b: 7, c: accounts.perUser({ whenEmtpy: 'x' }) }, tasks: { t() {} } })] });`);
  for (const line of [
    /data\.csv\('\.\/acounts\.csv'\): there is no file .*acounts\.csv\n +→ did you mean accounts\.csv\?/,
    /data\.csv\('half\.csv'\): has no column 'id'\n +→ its fields seem to be separated by ';': set delimiter/,
    /data\.csv\('accounts\.csv'\): has no column 'ids'\n +→ did you mean 'id'\?/,
    /data\.csv\('wrong\.csv'\): line 3: id: 'x' is not a number/,
    /data\.json\('broken\.json'\): line 2: is not JSON/,
    /data\.json\('list\.yaml'\): .*is not JSON/,
    /data\.rows\(…\): the function returned a number/,
    /data\.rows\(…\): row 1 is a function, not plain data/,
    /data\.files\('\*\.png'\): no file matches \*\.png/,
    /data\.lines\('accounts\.csv'\): 'shuffeld' is not an order/,
    /users\[0\]\.data\.a: does not say who gets which row/,
    /users\[0\]\.data\.b: is not test data/,
    /users\[0\]\.data\.c\.whenEmtpy: is not an option\n +→ did you mean whenEmpty\?/,
  ]) {
    expect(text).toMatch(line);
  }
});

test('more users than rows are a problem, unless the rows may repeat', async () => {
  const scenario = (options: string): string => `
    const accounts = data.csv('accounts.csv');
    const a = user('a', { data: { account: accounts.perUser(${options}) }, tasks: { t() {} } });
    export default scenario({ users: [a], load: startWith(3).hold('1s') });`;
  expect(await problemsOf(scenario(''))).toContain(
    "users: a.data.account: accounts.csv has 2 rows, but the load has up to 3 users of this type\n      → add rows, or set perUser({ whenEmpty: 'repeat' })",
  );
  expect(await problemsOf(scenario("{ whenEmpty: 'repeat' }"))).toBe('it is not refused');
});

test('too few rows are a problem for each kind of load whose users are known', async () => {
  const loads = (load: string): string => `
    const accounts = data.csv('accounts.csv');
    const u = user('u', { data: { account: accounts.perUser() }, tasks: { t() {} } });
    export default scenario({ users: [u], load: ${load} });`;
  const text = (load: string): Promise<string> =>
    problemsOf(`import { arrivals, iterations } from 'drumline';${loads(load)}`);
  expect(await text("iterations('9/s', { maxUsers: 3 }).hold('5s')")).toContain('up to 3 users of this type');
  expect(await text('iterations({ total: 9, users: 4 })')).toContain('up to 4 users of this type');
  expect(await text("arrivals('1/s').hold('9s')")).toContain('accounts.csv has 2 rows');
  expect(await text("arrivals('1/s').hold('2s')")).toBe('it is not refused');
  expect(await text("iterations('9/s', { maxUsers: 2 }).hold('5s')")).toBe('it is not refused');
});

test('the use of rows is checked, and a fixed number of iterations that needs more of them is a warning', async () => {
  const text = await problemsOf(`
    data.csv('accounts.csv', { use: 'twice' });
    data.csv('accounts.csv', { use: 'once', order: 'random' });
    data.csv('accounts.csv', { use: 'borrow', whenEmpty: 'repeat' });
    data.csv('accounts.csv', { whenEmpty: 'wait' });
    const rows = data.csv('accounts.csv', { use: 'once' });
    const u = user('u', { data: { rows, row: rows.perUser() }, tasks: { t() {} } });
    export default scenario({ users: [u], load: startWith(1).hold('1s') });`);
  for (const part of [
    'use is "twice"',
    "order: 'random' draws rows several times",
    'whenEmpty is "repeat" with use: \'borrow\'',
    'whenEmpty belongs to a use of rows',
    'users[0].data.rows: names rows with use: "once"',
    'users[0].data.row: names rows with use: "once"',
    'call await take(…) in a task instead',
  ])
    expect(text).toContain(part);
  const folder = project({
    ...FILES,
    'fixed.js': `import { data, iterations, scenario, user } from 'drumline';
      data.csv('accounts.csv', { use: 'once' });
      data.csv('accounts.csv', { use: 'once', whenEmpty: 'repeat' });
      export default scenario({ users: [user('u', { tasks: { t() {} } })], load: iterations({ total: 5, users: 1 }) });`,
  });
  const { warnings } = await checkScenario(join(folder, 'fixed.js'), {}, { types: false });
  expect(warnings).toMatchObject([{ code: 'few-rows', message: expect.stringContaining('3 find none') }]);
});
