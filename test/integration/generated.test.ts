// Scenarios generated from recordings, API descriptions and commands run against sites that reject
// wrong requests.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { closeAfterEach } from '../contract/support/closing.js';
import { CREDENTIALS, startBooks, startPetstore, startStore } from '../support/apis.js';
import { IS_LONG } from '../support/conditions.js';
import { Drumline } from '../support/drumline.js';
import { startNotes } from '../support/notes.js';
import { ACCOUNT, startShop } from '../support/shop.js';
import type { Site } from '../support/site.js';
import { tempProjects } from '../support/temp-project.js';

const RECORDINGS = fileURLToPath(new URL('../../packages/codegen/test/recordings/', import.meta.url));
const project = tempProjects();
const opened = closeAfterEach();

/** Generates a scenario and runs it with three users and short pauses. */
async function runGenerated(
  source: readonly string[],
  target: string,
  secrets: Readonly<Record<string, string>>,
): Promise<RunResult> {
  const scenario = join(project({}), 'scenario.ts');
  await using made = new Drumline(['new', '-o', scenario, ...source]);
  expect(await made.ended).toMatchObject({ code: 0 });
  const text = await readFile(scenario, 'utf8');
  await writeFile(scenario, text.replaceAll(/(between|sleep)\([^)]+\)/g, shortPause));
  const load = ['-H', target, '-u', '3', '-t', '3s', '--workers', '1', '--lanes', '1'];
  const flags = Object.keys(secrets).flatMap((name) => ['--secret', name]);
  await using run = new Drumline(['run', scenario, ...load, ...flags, ...RESULT_ONLY], secrets);
  const { output } = await run.ended;
  return JSON.parse(output) as RunResult;
}

const RESULT_ONLY = ['--json', '-', '--quiet', '--no-html', '--no-api'];

function shortPause(_pause: string, kind: string): string {
  return kind === 'sleep' ? "sleep('20ms')" : "between('10ms', '30ms')";
}

function expectAllWell(result: RunResult, site: Site): void {
  expect(site.refused).toEqual([]);
  expect(result.exceptions).toEqual([]);
  expect(result).toMatchObject({
    exit: 'passed',
    totals: { requests: site.count, failures: 0, interrupted: 0 },
  });
}

function namesOf(result: RunResult): string[] {
  return [...new Set(result.series.map(({ method, name }) => `${method} ${name}`))].toSorted();
}

describe('a scenario from a recording', () => {
  test('of a shop logs in, finds a current product, buys it and opens the order', async () => {
    const shop = await opened(startShop());
    const result = await runGenerated(['--from-har', join(RECORDINGS, 'shop.har')], shop.url, {
      PASSWORD: ACCOUNT.password,
    });
    expectAllWell(result, shop);
    expect(namesOf(result)).toEqual([
      'GET /',
      'GET /api/categories',
      'GET /api/me',
      'GET /api/orders/[id]',
      'GET /api/products',
      'GET /api/products/[id]',
      'GET /api/products/[id]/reviews',
      'GET /api/session',
      'GET /api/vouchers/mine',
      'POST /api/cart/items',
      'POST /api/login',
      'POST /api/orders',
    ]);
  });

  test('of a site with forms sends the token of each form and follows redirects', async () => {
    const notes = await opened(startNotes());
    const result = await runGenerated(['--from-har', join(RECORDINGS, 'notes.har')], notes.url, {
      USER_PASSWORD: 'hopper & sons',
    });
    expectAllWell(result, notes);
    expect(namesOf(result)).toEqual([
      'GET /login',
      'GET /notes/[id]',
      'GET /notes/new',
      'PATCH /notes/[id]',
      'POST /login',
      'POST /logout',
      'POST /notes',
    ]);
  });
});

const DESCRIBED = [
  ['OpenAPI 3.0, YAML', 'petstore.yaml', startPetstore, '/v3'],
  ['Swagger 2.0', 'store.json', startStore, '/v2'],
  ['OpenAPI 3.1, JSON', 'books.json', startBooks, '/api'],
] as const;

test.each(IS_LONG ? DESCRIBED : DESCRIBED.slice(0, 2))(
  'a scenario from %s sends what the API requires',
  async (_, file, start, prefix) => {
    const api = await opened(start());
    const source = ['--from-openapi', join(RECORDINGS, file)];
    const result = await runGenerated(source, api.url + prefix, CREDENTIALS);
    expectAllWell(result, api);
    expect(result.totals.requests).toBeGreaterThan(0);
  },
);

test('a scenario from curl commands sends the same requests as curl', async () => {
  const shop = await opened(startShop());
  const commands = `
    curl ${shop.url}/api/products -G -d category=shoes --data-urlencode 'sort=by price' --compressed
    curl -sS '${shop.url}/api/me' -H "Authorization: Bearer $SHOP_TOKEN" | jq .`;
  const result = await runGenerated(['--from-curl', commands], shop.url, { SHOP_TOKEN: shop.token });
  expectAllWell(result, shop);
  expect(namesOf(result)).toEqual(['GET /api/me', 'GET /api/products']);
});
