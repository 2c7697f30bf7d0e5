import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { loadEndMs, type Plan } from '@drumline/model';
import { DueTimesFile } from '@drumline/scenario/artifacts';
import { checkScenario } from '@drumline/scenario/project';
import { tempProjects } from '../../../../../test/support/temp-project.js';

const project = tempProjects();
const IMPORTS = "import { inTurn, replay, scenario, startWith, user } from 'drumline';\n";
const USERS = "const [a, b] = ['a', 'b'].map((name) => user(name, { tasks: { t() {} } }));\n";

function plan(load: string, files: Record<string, string | Uint8Array>, more = {}): Promise<Plan> {
  const body = `export default scenario({ users: [a, b], load: ${load} });`;
  const folder = project({ 'shop.js': IMPORTS + USERS + body });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return checkScenario(join(folder, 'shop.js'), more, { types: false }).then((checked) => checked.plan);
}

/** Due times, numbers and types as the plan has them. */
function startsIn({ load, tables = [] }: Plan): unknown[] {
  return load.parts.flatMap(({ workload }) => {
    if (!('order' in workload) || workload.order.kind !== 'listed') return [];
    const times = new DueTimesFile(tables[workload.order.table]!);
    return Array.from({ length: times.count }, (_, at) => [
      Math.round(times.timeAt(at) * 100) / 100,
      times.numberAt(at),
      ...(times.typeAt(at) === undefined ? [] : [times.typeAt(at)]),
    ]);
  });
}

async function problemOf(load: string, files: Record<string, string | Uint8Array>): Promise<string> {
  return await plan(load, files).then(
    () => 'it is not refused',
    (error: unknown) => (error as Error).message,
  );
}

const EXPECTED = [
  [0, 0],
  [500, 1],
  [1_500, 2],
];

test.each<[string, string | Uint8Array, string]>([
  ['seconds.txt', '0.25\n0.75\n1.75\n', '{}'],
  ['seconds.txt.gz', gzipSync('10\n10.5\n\n11.5\n'), '{}'],
  ['millis.txt', '1700000000000\n1700000000500\n1700000001500', '{}'],
  ['millis.txt', '0\n500\n1500', "{ unit: 'ms' }"],
  [
    'dates.log',
    '2026-01-31T12:00:00.000Z GET /\n2026-01-31T12:00:00.500Z\n2026-01-31T13:00:01.5+01:00',
    '{}',
  ],
  [
    'dates.log',
    '[2026-01-31 12:00:00,000] a\n[2026-01-31 12:00:00,500] b\n[2026-01-31 12:00:01,500] c',
    '{}',
  ],
  ['bare.csv', '1,/a\n1.5,/b\n2.5,/c\n', '{}'],
  ['first.csv', 'at,path\r\n1,"/a\nb"\r\n1.5,/b\r\n2.5,/c\r\n', '{}'],
  ['second.tsv', 'path\tat\n/a\t1\n/b\t1.5\n/c\t2.5\n', "{ time: 'at' }"],
  ['rows.ndjson', '{"at":1}\n{"at":"1.5"}\n{"at":2.5}\n', '{}'],
  [
    'rows.jsonl',
    '{"p":0,"at":"2026-01-31T12:00:00Z"}\n{"at":"2026-01-31T12:00:00.5Z"}\n{"at":"2026-01-31T12:00:01.5Z"}\n',
    "{ time: 'at' }",
  ],
  ['fast.txt', '0\n5\n15\n', '{ speed: 10 }'],
])('%s has the due times of its lines: %#', async (name, text, options) => {
  expect(startsIn(await plan(`replay('${name}', ${options})`, { [name]: text }))).toEqual(EXPECTED);
});

test('lines need no order; their numbers stay those of the file', async () => {
  const made = await plan("replay('log.txt')", { 'log.txt': '3\n1\n2\n1\n' });
  expect(startsIn(made)).toEqual([
    [0, 1],
    [0, 3],
    [1_000, 2],
    [2_000, 0],
  ]);
  expect(made.load.parts[0]).toMatchObject({
    workload: {
      kind: 'arrivals',
      order: { kind: 'listed', file: 'log.txt', count: 4, speed: 1 },
    },
  });
});

test('an access log has whole seconds, which can be spread', async () => {
  const line = (second: number): string =>
    `::1 - - [31/Jan/2026:23:59:5${second} +0100] "GET / HTTP/1.1" 200 5`;
  const log = [8, 8, 8, 8, 9].map(line).join('\n');
  const load = "replay('access.log', { spread: '1s', kind: 'iterations', maxUsers: 7 })";
  const made = await plan(load, { 'access.log': log });
  expect(startsIn(made).map((start) => (start as number[])[0])).toEqual([0, 250, 500, 750, 1_000]);
  expect(made.load.parts[0]!.workload).toMatchObject({ kind: 'iterations', maxUsers: 7 });
});

test('a column names the user type of each start, and --tags leaves out those without tasks', async () => {
  const files = { 'log.csv': 'at,who\n1,b\n2,a\n3,b\n' };
  const load = "replay('log.csv', { user: 'who' })";
  const made = await plan(load, files);
  expect(startsIn(made)).toEqual([
    [0, 0, 1],
    [1_000, 1, 0],
    [2_000, 2, 1],
  ]);
  expect(made.load.parts[0]!.workload).toMatchObject({ order: { shares: [1, 2] } });
  const tasks =
    "user('a', { tasks: { t() {} } }), user('b', { tasks: { t: task({ tags: ['x'] }, () => {}) } })";
  const folder = project({
    ...files,
    'shop.js': `import { replay, scenario, task, user } from 'drumline';
      export default scenario({ users: [${tasks}], load: ${load} });`,
  });
  const checked = await checkScenario(join(folder, 'shop.js'), { tags: ['x'] }, { types: false });
  expect(startsIn(checked.plan)).toEqual([
    [0, 0, 0],
    [2_000, 2, 0],
  ]);
});

test('stands in phases and by user type; --run-time cuts it, and does not extend it', async () => {
  const files = { 'log.txt': '0\n1\n2\n9\n' };
  const load =
    "{ a: inTurn({ warm: startWith(1).hold('1s'), log: replay('log.txt').after('2s') }), b: replay('log.txt') }";
  const made = await plan(load, files);
  expect(made.load.parts.map(({ startMs, types }) => [startMs, types])).toEqual([
    [0, [0]],
    [3_000, [0]],
    [0, [1]],
  ]);
  expect(startsIn(made)).toHaveLength(8);
  const lengthOf = async (runTimeMs: number): Promise<unknown> => {
    const { load } = await plan("replay('log.txt')", files, { runTimeMs });
    return loadEndMs({ parts: load.parts });
  };
  expect(await lengthOf(2_500)).toBe(2_500);
  expect(await lengthOf(60_000)).toBe(9_001);
});

test.each<[string, Record<string, string | Uint8Array>, RegExp]>([
  [
    "replay('lg.txt')",
    { 'log.txt': '1' },
    /replay\('lg\.txt'\): there is no file .*lg\.txt\n +→ did you mean log\.txt\?/,
  ],
  ["replay('log.txt')", { 'log.txt': '' }, /replay\('log\.txt'\): has no rows/],
  [
    "replay('log.txt')",
    { 'log.txt': '1\n\nlater\n' },
    /line 3: 'later' has no time\n +→ times are seconds, or dates/,
  ],
  [
    "replay('log.csv', { time: 'att' })",
    { 'log.csv': 'at,x\n1,2\n' },
    /has no column 'att'\n +→ did you mean 'at'\?/,
  ],
  [
    "replay('log.csv', { time: 'at' })",
    { 'log.csv': '1,2\n2,3\n' },
    /has no column 'at', because its first line has a time/,
  ],
  ["replay('log.txt', { user: 'who' })", { 'log.txt': '1\n' }, /has no columns, so it has no column 'who'/],
  ["replay('log.csv')", { 'log.csv': 'at,x\n1,2\n2\n' }, /line 3: has 1 field, but there are 2 columns/],
  ["replay('log.ndjson')", { 'log.ndjson': '{"at":1}\n{"at":true}\n' }, /line 2: 'true' has no time/],
  [
    "replay('log.ndjson', { user: 'who' })",
    { 'log.ndjson': '{"at":1}\n' },
    /line 1: has no text in the field 'who'/,
  ],
  [
    "replay('log.csv', { user: 'who' })",
    { 'log.csv': 'at,who\n1,a\n2,c\n3,c\n' },
    /load: log\.csv, line 3: 'c' is not a user type\n +→ did you mean 'a'/,
  ],
  [
    "{ a: replay('log.csv', { user: 'who' }), b: [] }",
    { 'log.csv': 'at,who\n1,a\n' },
    /load\.a: is for 'a', but the column 'who' of log\.csv names user types/,
  ],
  [
    "replay('log.txt')",
    { 'log.txt': '0\n9999999\n' },
    /lasts 2777h.*\n +→ a run lasts at most 720h; set speed/,
  ],
  ["replay('log.txt', { speed: 0 })", { 'log.txt': '0\n' }, /replay: speed is 0/],
  [
    "replay('log.txt', { sped: 2 })",
    { 'log.txt': '0\n' },
    /replay: there is no option 'sped' \(did you mean speed\?\)/,
  ],
])('%s: mistakes are found before the run: %#', async (load, files, expected) => {
  expect(await problemOf(load, files)).toMatch(expected);
});
