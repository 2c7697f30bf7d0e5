// Failed requests that a result keeps, with what was sent and received.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { startTarget, type Target } from '../../scripts/dist/demo/target.js';
import { Drumline } from '../support/drumline.js';
import { tempProjects } from '../support/temp-project.js';

const folder = tempProjects();
const SECRET = 'correct-horse-battery';

let target: Target;
beforeEach(async () => {
  target = await startTarget();
});
afterEach(async () => {
  await target.close();
});

const SCENARIO = `import { constant, scenario, secrets, startWith, user } from 'drumline';
export default scenario({
  users: [user('visitor', { wait: constant('50ms'), tasks: {
    broken: async ({ http }) => void (await http.post('/status/503?a=b', {
      headers: { authorization: 'Bearer abc', 'x-trace': 'seen' }, json: { pin: secrets.PIN, item: 7 },
    })),
    fine: async ({ http }) => void (await http.get('/products')),
  } })],
  load: startWith(3).hold('2s'),
});`;

async function run(...args: string[]): Promise<{ result: RunResult; html: string; output: string }> {
  const directory = folder({ 'shop.ts': SCENARIO });
  const [json, html] = [join(directory, 'r.json'), join(directory, 'r.html')];
  const flags = ['-H', target.url, '--no-api', '--json', json, '--html', html, '--secret', 'PIN'];
  await using command = new Drumline(['run', join(directory, 'shop.ts'), ...flags, ...args], { PIN: SECRET });
  const { output } = await command.ended;
  return {
    result: JSON.parse(readFileSync(json, 'utf8')) as RunResult,
    html: readFileSync(html, 'utf8'),
    output,
  };
}

test('a result keeps failed requests and their responses, without credentials and secrets', async () => {
  const { result, html, output } = await run('--workers', '2', '--lanes', '2');
  const [error, ...others] = result.errors;
  expect(others).toEqual([]);
  expect(error).toMatchObject({ name: '/status/503', error: 'status 503' });
  const { samples = [] } = error!;
  expect(samples).toHaveLength(2);
  for (const { request, response } of samples) {
    expect(request).toMatch(/^POST http:\/\/127\.0\.0\.1:\d+\/status\/503\?a=b\n/);
    expect(request).toContain('\nauthorization: (hidden)\n');
    expect(request).toContain('\nx-trace: seen\n');
    expect(request).toMatch(/\n\n\{"pin":"[^"]*","item":7\}$/);
    expect(response).toMatch(/^http\/1\.1 503 Service Unavailable\n[^]*\n\n\{"status":503\}$/);
  }
  expect(output).toMatch(/A failed request\n→ POST http:[^]*← http\/1\.1 503/);
  expect(html).toContain('authorization: (hidden)');
  for (const text of [JSON.stringify(result), html, output]) {
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain('Bearer abc');
  }
});

test('failed requests are not kept on request', async () => {
  const { result, output } = await run('--failure-samples', '0');
  expect(result.errors[0]).toMatchObject({ error: 'status 503' });
  expect(result.errors[0]).not.toHaveProperty('samples');
  expect(output).not.toContain('A failed request');
});
