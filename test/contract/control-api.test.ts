import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { API_ERRORS } from '@drumline/model';
import { addRoutes } from '../../packages/master/dist/api/rest/app.js';
import { EventStreams } from '../../packages/master/dist/api/rest/events.js';
import { describeRoutes } from '../../packages/master/dist/api/rest/openapi.js';

const read = (name: string): string =>
  readFileSync(new URL(`../../docs/reference/${name}.md`, import.meta.url), 'utf8');
const page = read('control-api');
const nothing = {} as never;

test('docs/reference/control-api.md has a section for each path, and each status code', async () => {
  const { paths } = (await describeRoutes((app) =>
    addRoutes(app, nothing, new EventStreams(nothing, nothing)),
  )) as {
    paths: Record<string, Record<string, { responses: object }>>;
  };
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({ method, path, responses })),
  );
  expect(routes.length).toBeGreaterThan(10);
  for (const { method, path, responses } of routes) {
    expect(page).toContain(`\n## ${method.toUpperCase()} ${path}\n`);
    for (const code of Object.keys(responses)) if (Number(code) >= 400) expect(page).toContain(`| ${code} `);
  }
});

test('the OpenAPI document names its schemas, and has no forms of older drafts', async () => {
  const document = await describeRoutes((app) => addRoutes(app, nothing, new EventStreams(nothing, nothing)));
  const { schemas } = (document as { components: { schemas: object } }).components;
  const text = JSON.stringify(document);
  const named = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!);
  for (const name of named) expect(schemas).toHaveProperty(name);
  // No operation has the events of a stream as its response.
  expect(new Set([...named, 'RunEventView'])).toEqual(new Set(Object.keys(schemas)));
  for (const old of ['"items":[', '"additionalItems"', '"patternProperties"'])
    expect(text).not.toContain(old);
});

test('each error is in the tables of both APIs, with its status', () => {
  const grpcPage = read('grpc-api');
  // The server of gRPC answers these by itself, or a request cannot have them.
  const ofRest = ['origin-refused', 'path-unknown', 'method-unknown', 'request-late', 'body-too-large'];
  ofRest.push('body-not-json', 'head-too-large');
  for (const [code, { status, grpc, meaning }] of Object.entries(API_ERRORS)) {
    expect(page).toMatch(new RegExp(`\\| ${status} +\\| \`${code}\` +\\| ${meaning} +\\|`));
    const [row = ''] = new RegExp(`\\| \`${grpc}\`.*`).exec(grpcPage) ?? [];
    expect([code, row.includes(`\`${code}\``)]).toEqual([code, !ofRest.includes(code)]);
  }
});
