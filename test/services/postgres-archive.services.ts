// Reading runs from PostgreSQL: reports and comparisons equal those of the stored runs.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { Drumline, scenarioPath, type Ended } from '../support/drumline.js';
import { seriesSums } from '../support/html-report.js';
import { PostgresServer, postgresVersion } from '../support/postgres.js';
import { needing } from '../support/programs.js';

needing('postgresql', postgresVersion)('runs that are read from PostgreSQL', () => {
  let server: PostgresServer;
  let stored: string;

  async function drumline(...args: string[]): Promise<Ended> {
    await using command = new Drumline(args, { DRUMLINE_DATA_DIR: stored });
    return await command.ended;
  }

  beforeAll(async () => {
    server = await PostgresServer.start();
    stored = await mkdtemp(join(tmpdir(), 'drumline-test-'));
    const target = await startTarget({ host: '127.0.0.1' });
    const options = ['-H', target.url, '--no-html', '--no-api'];
    for (const branch of ['main', 'topic']) {
      const load = [
        '-u',
        '3',
        '-t',
        '5s',
        '--label',
        `branch=${branch}`,
        '--out',
        `postgres=${server.url()}`,
      ];
      expect(await drumline('run', scenarioPath('quick'), ...options, ...load)).toMatchObject({ code: 0 });
    }
    await target.close();
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(stored, { recursive: true });
  });

  const json = async (...args: string[]): Promise<unknown> => {
    const { code, output } = await drumline(...args);
    expect({ code, output }).toEqual({ code: 0, output });
    return JSON.parse(output);
  };

  test('a report is that of the stored run', async () => {
    const stored = (await json('report', 'latest', '--json', '-')) as RunResult;
    const { id } = stored.run;
    // The memory of a worker is that of the moment at which the result is made.
    // Outputs get the result before they have closed.
    const { workers: _, outputs: __, ...expected } = stored;
    for (const named of [server.url(), `${server.url()}#${id.slice(0, 8)}`, `${server.url()}#quick.ts`])
      expect(await json('report', named, '--json', '-')).toMatchObject(expected);
    const main = await json('report', 'label:branch=main', '--from', server.url(), '--json', '-');
    expect(main).toMatchObject({ run: { labels: { branch: 'main' } } });
  });

  test('its HTML report has the charts that the report of the stored run has', async () => {
    const files = [join(stored, 'stored.html'), join(stored, 'archived.html')] as const;
    await drumline('report', 'latest', '--html', files[0], '--quiet');
    await drumline('report', 'latest', '--from', server.url(), '--html', files[1], '--quiet');
    const [expected, archived] = await Promise.all(files.map(async (path) => await readFile(path, 'utf8')));
    expect(seriesSums(archived!)).toEqual(seriesSums(expected!));
    expect(seriesSums(archived!).charts).toBeGreaterThan(0);
    expect(seriesSums(archived!).charts).toBe(seriesSums(archived!).result);
  });

  test('a comparison is that of the stored runs', async () => {
    const expected = await json('compare', 'previous', 'latest', '--json');
    expect(expected).toMatchObject({ series: [{ method: 'GET' }] });
    expect(await json('compare', 'previous', 'latest', '--from', server.url(), '--json')).toEqual(expected);
    const baseline = `${server.url()}#label:branch=main`;
    expect(await json('compare', baseline, 'latest', '--json')).toEqual(expected);
  });

  test('a run that does not exist, and a database without runs, are explained', async () => {
    const unknown = await drumline('report', `${server.url()}#label:branch=nowhere`);
    expect(unknown).toMatchObject({ code: 2 });
    expect(unknown.output).toContain(`There is no run 'label:branch=nowhere' in postgres://127.0.0.1`);
    expect(unknown.output).not.toContain('secret');
    await server.query('CREATE DATABASE empty');
    const empty = await drumline('report', 'latest', '--from', server.url('empty'));
    expect(empty).toMatchObject({ code: 2 });
    expect(empty.output).toContain('there are no runs in the schema drumline');
    await server.query(
      `UPDATE drumline.run SET result = NULL, state = 'running' WHERE labels @> '{"branch": "topic"}'`,
    );
    const [run] = await server.query<{ id: string }>(
      'SELECT run_id AS id FROM drumline.run WHERE result IS NULL',
    );
    const running = await drumline('report', `${server.url()}#${run!.id}`);
    expect(running.output).toContain(`has no result yet: its state is 'running'`);
  });
});
