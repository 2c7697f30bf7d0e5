// The examples in the README of the client, each as a program of its own.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { eventually } from '../support/drumline.js';
import { Service } from '../support/service.js';

const readme = await readFile(new URL('../../packages/client/README.md', import.meta.url), 'utf8');
const packages = fileURLToPath(new URL('../../packages/', import.meta.url));

/** The example with this title. */
function exampleOf(title: string): string {
  const [, code] = new RegExp(`\\*\\*${title}\\*\\*\\n+\`\`\`ts\\n([^]*?)\`\`\``).exec(readme) ?? [];
  if (code === undefined) throw new Error(`the README has no example '${title}'`);
  return code;
}

test('all examples are tested', () => {
  expect(readme.match(/^```ts$/gm)).toHaveLength(5);
});

test('each example does what its title says', async () => {
  await using service = await Service.start();
  const target = await startTarget();
  await using _ = { [Symbol.asyncDispose]: () => target.close() };
  await service.addWorkers('w1');
  /** @param onOutput called when the program prints something for the first time */
  const played = async (title: string, onOutput = (): void => {}): Promise<string> => {
    const code = exampleOf(title)
      .replace('http://127.0.0.1:8089', service.client.url)
      .replace("'drumline/client'", `'${packages}drumline/dist/client.js'`);
    const file = join(service.directory, 'example.mjs');
    await writeFile(file, code);
    const playing = promisify(execFile)(process.execPath, [file], { cwd: service.directory });
    playing.child.stdout!.once('data', onOutput);
    return (await playing).stdout;
  };

  const first = await service.submitted('steady', target, ['-u', '2', '-t', '5m']);
  const run = service.client.run(first);
  await eventually(async () => ((await run.stats()).totals.requests > 0 ? true : undefined));
  expect(await played('Change the load, and note why.')).toBe(
    'The load changes to 4 users, at 10 users per second.\n',
  );
  expect(await run.annotations()).toMatchObject([{ text: 'twice the users' }]);
  expect(await played('List the slowest series, page by page.')).toMatch(/^GET \S+ [\d.]+\n/);
  expect(await played('Tell errors apart by their code.')).toMatch(
    /^there is no run '3f2a9c01' Its runs are: /,
  );
  await played('Stop a run, and save its report.');
  expect(await readFile(join(service.directory, 'report.html'), 'utf8')).toContain(first);

  const second = service.client.run(await service.submitted('steady', target, ['-u', '2']));
  await eventually(async () => ((await second.view()).state === 'running' ? true : undefined));
  const followed = await played('Follow a run to its end.', () => void second.stop());
  expect(followed).toMatch(/^\d+ \d+ [\d.]+\n(?:.*\n)*passed 0\n$/);
});
