import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { checkScenario } from '@drumline/scenario/project';
import { scenarioFromCurl, scenarioFromHar, scenarioFromOpenapi, type HarOptions } from './generate.js';

type From = typeof scenarioFromHar;

/** Sources, each next to the scenario that is generated from it. */
const RECORDINGS = fileURLToPath(new URL('../test/recordings/', import.meta.url));

const CASES: [scenario: string, from: From, source: string][] = [
  ['shop.ts', scenarioFromHar, 'shop.har'],
  ['notes.ts', scenarioFromHar, 'notes.har'],
  ['petstore.ts', scenarioFromOpenapi, 'petstore.yaml'],
  ['books.ts', scenarioFromOpenapi, 'books.json'],
  ['store.ts', scenarioFromOpenapi, 'store.json'],
  ['commands.ts', scenarioFromCurl, 'commands.txt'],
  ['windows.ts', scenarioFromCurl, 'windows.txt'],
];

/** Secrets in the recordings that must not reach the scenario. */
const SECRETS = [
  'correct horse battery',
  'hopper',
  'eyJ',
  's%3A8c2f',
  'a & b',
  '9c1f0a7be4d25638',
  'kT3vQx9bJ0',
];

describe.each(CASES)('%s', (file, from, source) => {
  test('is generated from its source (UPDATE_RECORDINGS=1 updates it)', async () => {
    const { scenario } = await generate(from, source);
    if (process.env['UPDATE_RECORDINGS']) await writeFile(RECORDINGS + file, scenario);
    expect(scenario).toBe(await readFile(RECORDINGS + file, 'utf8'));
  });

  test('passes the check, including its types', async () => {
    const names = (await generate(from, source)).secrets;
    const secrets = Object.fromEntries(names.map((name) => [name, `the ${name}`]));
    const { plan } = await checkScenario(RECORDINGS + file, {}, { types: true, secrets });
    expect(plan.userTypes[0]!.tasks.length).toBeGreaterThan(0);
  });

  test('contains no secrets of its source', async () => {
    const { scenario, secrets } = await generate(from, source);
    expect(SECRETS.filter((secret) => scenario.includes(secret))).toEqual([]);
    expect(secrets.length).toBeGreaterThan(0);
  });
});

test.each([
  ['a recording', scenarioFromHar, 'shop.har'],
  ['an OpenAPI document', scenarioFromOpenapi, 'petstore.yaml'],
])('%s becomes JavaScript with correct types in comments', async (_, from, source) => {
  const { scenario, about } = await generate(from, source, { language: 'js', types: true });
  expect(about.join()).not.toContain('does not compile');
  expect(scenario).toMatch(/= \/\*\* @type \{\{ .+ \}\} \*\/ \(\w+\.json\(\)\)/);
});

test('keepSecrets leaves the secrets in the scenario', async () => {
  const { scenario, secrets } = await generate(scenarioFromHar, 'shop.har', { keepSecrets: true });
  expect(scenario).toContain("password: 'correct horse battery'");
  expect(secrets).toEqual([]);
});

test('the target option replaces the recorded target', async () => {
  const { scenario } = await generate(scenarioFromHar, 'shop.har', {
    target: 'https://staging.shop.example',
  });
  expect(scenario).toContain("target: 'https://staging.shop.example'");
  expect(scenario).not.toContain("'https://shop.example'");
});

async function generate(from: From, name: string, options: Partial<HarOptions> = {}) {
  const text = await readFile(RECORDINGS + name, 'utf8');
  return await from(
    { text, name },
    {
      folder: RECORDINGS,
      keepAssets: false,
      keepHosts: [],
      keepSecrets: false,
      language: 'ts',
      types: false,
      ...options,
    },
  );
}
