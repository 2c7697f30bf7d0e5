// `--samples`: a line for each request, in a file on the machine of the worker.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { closeAfterEach } from '../contract/support/closing.js';
import { Cluster, Drumline } from '../support/drumline.js';
import { startSite } from '../support/site.js';
import { tempProjects } from '../support/temp-project.js';

const project = tempProjects();
const closing = closeAfterEach();

const SHOP = `
import { constant, scenario, secrets, startWith, user } from 'drumline';
const shopper = user('shopper', {
  wait: constant('5ms'),
  tags: { tier: 'gold, "best"' },
  tasks: {
    browse: async ({ http, step, record }) => {
      await step('visit', () => http.get('/ok', { name: 'page of ' + secrets.CARD }));
      await http.get('/missing');
      record({ protocol: 'mqtt', method: 'PUBLISH', name: 'topic', durationMs: 12.5, bytesSent: 10 });
    },
  },
});
export default scenario({ users: [shopper], load: startWith(6).hold('2s'), setup: ({ http }) => http.get('/setup') });
`;

const CARD = '4012-8888-8888-1881';

interface Line {
  readonly user: string;
  readonly protocol: string;
  readonly method: string;
  readonly name: string;
  readonly outcome: string;
  readonly status?: number;
  readonly failure?: string;
  readonly durationMs: number;
  readonly waitMs?: number;
  readonly worker: string;
  readonly tags?: object;
  readonly runMs?: number;
}

test('every request of every worker is one line, as many as the site and the result count', async () => {
  const site = await closing(
    await startSite(({ path }) => (path === '/missing' ? { status: 404 } : {}), ['404 GET /missing']),
  );
  const directory = project({ 'shop.ts': SHOP });
  await using cluster = await Cluster.start(
    join(directory, 'shop.ts'),
    ['-H', site.url, '--expect-workers', '2', '--secret', 'CARD'],
    { CARD },
  );
  const files = ['w1', 'w2'].map((name) => join(directory, `${name}.ndjson`));
  cluster.addWorker('w1', ['--lanes', '2', '--samples', files[0]!]);
  cluster.addWorker('w2', ['--lanes', '1', '--samples', files[1]!]);
  const { totals, series } = await cluster.result();
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const lines = texts.flatMap(linesOf);
  expect(texts.join('')).not.toContain(CARD);
  expect(lines).toHaveLength(totals.requests);
  expect(lines.filter(({ protocol }) => protocol === 'http')).toHaveLength(site.count);
  for (const [method, name] of [
    ['GET', 'page of [secret CARD]'],
    ['GET', '/missing'],
    ['PUBLISH', 'topic'],
  ] as const) {
    const row = series.find((one) => one.name === name)!;
    const own = lines.filter((one) => one.method === method && one.name === name);
    expect(own).toHaveLength(row.requests);
    expect(own.filter(({ outcome }) => outcome === 'failed')).toHaveLength(row.failures);
    expect(Math.max(...own.map(({ durationMs }) => durationMs))).toBeCloseTo(row.latencyMs.max, 0);
  }
  const missing = lines.find(({ name }) => name === '/missing')!;
  expect(missing).toMatchObject({
    user: 'shopper',
    status: 404,
    failure: 'status 404',
    tags: { tier: 'gold, "best"' },
    waitMs: expect.any(Number),
    runMs: expect.any(Number),
  });
  expect(new Set(lines.map(({ worker }) => worker))).toEqual(new Set(['w1', 'w2']));
  expect(lines.find(({ user }) => user === '(setup)')).not.toHaveProperty('runMs');
});

test('the share and the limit bound the file, and a note states what is missing', async () => {
  const site = await closing(await startSite(() => ({ status: 200 })));
  const directory = project({ 'shop.ts': SHOP });
  const run = async (
    file: string,
    ...args: string[]
  ): Promise<{ lines: string[]; output: string; requests: number }> => {
    const json = join(directory, 'result.json');
    const path = join(directory, file);
    await using drumline = new Drumline(
      [
        'run',
        join(directory, 'shop.ts'),
        '-H',
        site.url,
        '--secret',
        'CARD',
        '--no-api',
        '--no-html',
        '--json',
        json,
        '--lanes',
        '2',
        '--samples',
        path,
        ...args,
      ],
      { CARD },
    );
    const { output } = await drumline.ended;
    const { totals } = JSON.parse(await readFile(json, 'utf8')) as { totals: { requests: number } };
    const text = await readFile(path, 'utf8');
    return {
      lines: text.trim().split('\n'),
      output: output.replaceAll(/\s+/g, ' '),
      requests: totals.requests,
    };
  };
  const limited = await run('limited.csv', '--samples-limit', '50');
  expect(limited.lines[0]).toMatch(/^time,runMs,user,protocol,method,name,tags,outcome,status,/);
  expect(limited.lines[1]).toMatch(
    /^\d{4}-\d\d-\d\dT[\d:.]+Z,,\(setup\),http,GET,\/setup,,passed,200,,[\d.]+,/,
  );
  expect(limited.lines.at(-1)).toContain('"tier=gold, ""best"""');
  expect(limited.lines).toHaveLength(51);
  const dropped = (limited.requests - 50).toLocaleString('en');
  expect(limited.output).toContain(
    `${dropped} requests are missing in the sample file of worker worker-1: the limit of --samples-limit was reached`,
  );
  const shared = await run('shared.ndjson', '--samples-share', '0.2');
  // Five standard deviations of a binomial distribution.
  const spread = 5 * Math.sqrt(shared.requests * 0.2 * 0.8);
  expect(Math.abs(shared.lines.length - shared.requests * 0.2)).toBeLessThan(spread);
  expect(shared.output).not.toContain('are missing');
});

test('a name without a format and a path that cannot be written are errors before the run', async () => {
  const file = join(project({ 'shop.ts': SHOP }), 'shop.ts');
  await using format = new Drumline(['run', file, '--samples', 'samples.txt']);
  expect(await format.ended).toMatchObject({
    code: 2,
    output: expect.stringMatching(
      /--samples: the name 'samples.txt' does not say the format\nhint: End it with .ndjson, .jsonl, .csv/,
    ),
  });
  await using path = new Drumline(['worker', '--samples', '/nowhere/samples.csv']);
  expect(await path.ended).toMatchObject({ code: 9, output: expect.stringMatching(/--samples \/nowhere/) });
  await using master = new Drumline(['master', file, '--samples', 'samples.csv']);
  expect(await master.ended).toMatchObject({
    code: 2,
    output: expect.stringMatching(/drumline master has no option --samples/),
  });
});

function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}
