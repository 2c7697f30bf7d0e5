// Outputs write the seconds of a run while it runs. What they wrote adds up to the report.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import type { RunResult } from '../../packages/wire/dist/index.js';
import { Drumline, scenarioPath, type Ended } from '../support/drumline.js';
import { Service } from '../support/service.js';
import { tempProjects } from '../support/temp-project.js';

const folder = tempProjects();

let target: Target;
beforeEach(async () => {
  target = await startTarget();
});
afterEach(async () => {
  await target.close();
});

async function run(url: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const flags = ['-H', url, '--no-html', '--no-api'];
  await using command = new Drumline(['run', scenarioPath('quick'), ...flags, ...args], env);
  return await command.ended;
}

/** The requests that a reader of the file adds up. */
function requestsIn(path: string): number {
  const seconds = linesOf(path).filter(({ type }) => type === 'second' || type === 'correction');
  return seconds.reduce((sum, { totals }) => sum + totals.requests, 0);
}

/** A copy of the scenario `quick` with outputs. */
function scenarioWith(directory: string, outputs: readonly string[]): string {
  const path = join(directory, 'quick.ts');
  const text = readFileSync(scenarioPath('quick'), 'utf8');
  writeFileSync(path, text.replace('scenario({', `scenario({ outputs: ${JSON.stringify(outputs)},`));
  return path;
}

function linesOf(path: string): { type: string; totals: RunResult['totals']; result?: RunResult }[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as never);
}

test('the seconds of two outputs add up to the report and to the count of the target', async () => {
  const directory = folder({});
  const paths = ['one', 'two'].map((name) => join(directory, `${name}.ndjson`));
  const result = join(directory, 'result.json');
  const outs = paths.flatMap((path) => ['--out', `ndjson=${path}`]);
  expect(await run(target.url, [...outs, '--json', result])).toMatchObject({ code: 0 });
  const { totals } = JSON.parse(readFileSync(result, 'utf8')) as RunResult;
  expect(totals.requests).toBe(target.count);
  for (const path of paths) {
    const lines = linesOf(path);
    expect(requestsIn(path)).toBe(target.count);
    expect([lines[0]!.type, lines.at(-1)!.type]).toEqual(['run', 'end']);
    expect(lines.at(-1)!.result!.totals).toEqual(totals);
  }
});

test('outputs that cannot be used are refused before anything starts, all at once', async () => {
  const directory = folder({});
  const postgres = 'postgres=postgres://ada:s3cret@db/load?schem=x';
  const texts = ['ndjso=x', postgres, 'ndjson=out?apend', 'nothing?token=s3cret'];
  const refused = await run(
    'http://127.0.0.1:9',
    texts.flatMap((text) => ['--out', text]),
  );
  expect(refused.code).toBe(2);
  expect(refused.output).toContain('did you mean ndjson?');
  expect(refused.output).toContain('there is no option schem; did you mean schema?');
  expect(refused.output).toContain('there is no option apend; did you mean append?');
  expect(refused.output).toContain('@drumline/output-nothing is not installed');
  expect(refused.output).not.toMatch(/s3cret|Workers join/);

  const missing = await run('http://127.0.0.1:9', ['--out', `ndjson=${join(directory, 'none', 'x')}`]);
  expect(missing.code).toBe(9);
  expect(missing.output).toMatch(/ndjson=.*: the directory does not exist[^]*Nothing was started/);
});

test('config file, environment, scenario and taps name outputs, too', async () => {
  const directory = folder({});
  const path = (name: string): string => join(directory, name);
  const own = scenarioWith(directory, [`ndjson=${path('scenario-{run}')}`]);
  const config = path('config.json');
  writeFileSync(config, JSON.stringify({ out: [`ndjson=${path('file')}`, `csv=${path('rows.csv')}`] }));
  const flags = ['-H', target.url, '--no-html', '--no-api', '--config', config, '--json', path('result')];
  await using fromFile = new Drumline(['run', own, ...flags, '--tap', `file:${path('tap')}`]);
  const { code, output } = await fromFile.ended;
  expect([code, output]).toEqual([0, expect.stringContaining('tap-file')]);
  const { totals, run: about, outputs = [] } = JSON.parse(readFileSync(path('result'), 'utf8')) as RunResult;
  expect(totals.requests).toBe(target.count);
  expect(requestsIn(path('file'))).toBe(target.count);
  expect(requestsIn(path(`scenario-${about.id}`))).toBe(target.count);
  expect(outputs.map(({ name }) => name)).toEqual(['ndjson', 'csv', 'tap-file', 'ndjson']);
  for (const { state, droppedSeconds } of outputs) expect([state, droppedSeconds]).toEqual(['closed', 0]);

  const before = target.count;
  const two = `ndjson=${path('env')}\nndjson=${path('env2')}\n`;
  expect(await run(target.url, [], { DRUMLINE_OUT: two })).toMatchObject({ code: 0 });
  expect(requestsIn(path('env'))).toBe(target.count - before);
  expect(requestsIn(path('env2'))).toBe(target.count - before);

  const tap = await run(target.url, ['--tap', 'unx:/tmp/x']);
  expect(tap).toMatchObject({ code: 2, output: expect.stringContaining('Did you mean unix:?') });
  const wrong = scenarioWith(directory, ['ndjson', `csv=${path('none/x')}?appnd=1`]);
  await using refused = new Drumline(['run', wrong, '-H', target.url, '--no-html', '--no-api']);
  const end = await refused.ended;
  expect(end.code).toBe(2);
  expect(end.output).toMatch(/outputs of the scenario: ndjson: needs a value[^]*did you mean append\?/);
});

test('a service writes each run to its own file, and takes outputs of runs only if allowed', async () => {
  const directory = folder({});
  const own = scenarioWith(directory, [`ndjson=${join(directory, 'own')}`]);
  const out = ['--out', `ndjson=${join(directory, '{run}')}`];
  {
    await using service = await Service.start(out);
    await service.addWorkers('w1');
    const id = await service.submitted('quick', target, ['-t', '1s']);
    await service.ended(id);
    expect((await service.result(id)).totals.requests).toBe(target.count);
    expect(requestsIn(join(directory, id))).toBe(target.count);
    const refused = await service.submit(own, target, ['--out', 'csv=x']).ended;
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/has outputs \(ndjson, csv\)[^]*drumline serve --allow-outputs/);
  }
  await using service = await Service.start(['--allow-outputs']);
  await service.addWorkers('w1');
  const before = target.count;
  const flags = [
    '--out',
    `ndjson=${join(directory, 'flag-{run}')}`,
    '--tap',
    `file:${join(directory, 'tap')}`,
  ];
  const id = await service.submitted(own, target, ['-t', '1s', ...flags]);
  await service.ended(id);
  const { totals, outputs = [] } = await service.result(id);
  expect(totals.requests).toBe(target.count - before);
  expect(outputs.map(({ name, droppedSeconds }) => [name, droppedSeconds])).toEqual([
    ['ndjson', 0],
    ['ndjson', 0],
    ['tap-file', 0],
  ]);
  for (const name of ['own', `flag-${id}`]) expect(requestsIn(join(directory, name))).toBe(totals.requests);

  const wrong = ['--out', 'ndjsn=x', '--out', 'csv=x?appnd=1', '--tap', 'unix:/run/x?z=1'];
  const refused = await service.submit('quick', target, wrong).ended;
  expect(refused.code).toBe(2);
  expect(refused.output).toContain('--out ndjsn=x: there is no output');
  expect(refused.output).toContain('--out csv=x: there is no option appnd; did you mean append?');
  expect(refused.output).toContain('--tap tap-unix=/run/x: there is no option z');
});
