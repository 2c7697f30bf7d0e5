// Outputs write the seconds of a run while it runs. What they wrote adds up to the report.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startTarget } from '../../scripts/dist/demo/target.js';
import type { RunResult } from '../../packages/wire/dist/index.js';
import { Drumline, scenarioPath, type Ended } from '../support/drumline.js';
import { tempProjects } from '../support/temp-project.js';

const folder = tempProjects();

async function run(url: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const flags = ['-H', url, '--no-html', '--no-api'];
  await using command = new Drumline(['run', scenarioPath('quick'), ...flags, ...args], env);
  return await command.ended;
}

function linesOf(path: string): { type: string; totals: RunResult['totals']; result?: RunResult }[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as never);
}

test('the seconds of two outputs add up to the report and to the count of the target', async () => {
  const target = await startTarget();
  const directory = folder({});
  const paths = ['one', 'two'].map((name) => join(directory, `${name}.ndjson`));
  const result = join(directory, 'result.json');
  const outs = paths.flatMap((path) => ['--out', `ndjson=${path}`]);
  expect(await run(target.url, [...outs, '--json', result])).toMatchObject({ code: 0 });
  await target.close();
  const { totals } = JSON.parse(readFileSync(result, 'utf8')) as RunResult;
  expect(totals.requests).toBe(target.count);
  for (const path of paths) {
    const lines = linesOf(path);
    const seconds = lines.filter(({ type }) => type === 'second' || type === 'correction');
    expect(seconds.reduce((sum, line) => sum + line.totals.requests, 0)).toBe(target.count);
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
