// The example that repeats an access log. The shop counts the requests of the log.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { Drumline } from '../support/drumline.js';

const FOLDER = fileURLToPath(new URL('../../examples/replay/', import.meta.url));
const SPEED = 5;

test('each line of the log that can be repeated is one request', async () => {
  const lines = readFileSync(`${FOLDER}access.log`, 'utf8').trim().split('\n');
  const logged = new Map<string, number>();
  for (const line of lines) {
    const [, method, path] = /"(\w+) ([^? ]*)/.exec(line)!;
    const key = `${method} ${path}`;
    logged.set(key, (logged.get(key) ?? 0) + 1);
  }
  const target = await startTarget();
  try {
    const outputs = ['--json', '-', '--quiet', '--no-html', '--no-api'];
    const where = ['-H', target.url, '--workers', '1', '--lanes', '2', '--param', `speed=${SPEED}`];
    await using run = new Drumline(['run', `${FOLDER}scenario.ts`, ...where, ...outputs]);
    const result = JSON.parse((await run.ended).stdout) as RunResult;

    const posts = logged.get('POST /login')!;
    expect(result.schedule).toMatchObject([{ started: lines.length, dropped: 0, skipped: 0 }]);
    expect(result.totals).toMatchObject({ requests: lines.length - posts, failures: 0 });
    // The shop redirects from one page to another.
    logged.set('GET /products', logged.get('GET /products')! + logged.get('GET /redirect')!);
    logged.delete('POST /login');
    expect(new Map(target.byPath)).toEqual(logged);
  } finally {
    await target.close();
  }
});
