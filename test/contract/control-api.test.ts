import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { EventStreams } from '../../packages/master/dist/api/rest/events.js';
import { describeRoutes } from '../../packages/master/dist/api/rest/openapi.js';
import { addOrders } from '../../packages/master/dist/api/rest/orders.js';
import { addMasterViews } from '../../packages/master/dist/api/rest/master-views.js';
import { addSubmissions } from '../../packages/master/dist/api/rest/submissions.js';
import { addReports } from '../../packages/master/dist/api/rest/reports.js';
import { addViews } from '../../packages/master/dist/api/rest/views.js';

const page = readFileSync(new URL('../../docs/reference/control-api.md', import.meta.url), 'utf8');
const nothing = {} as never;

function addRoutes(app: Parameters<typeof addViews>[0]): void {
  addMasterViews(app, nothing);
  addViews(app, nothing);
  addReports(app, nothing);
  addOrders(app, nothing);
  addSubmissions(app, nothing);
  new EventStreams(nothing, nothing).addTo(app, nothing);
}

test('docs/reference/control-api.md has a section for each path, and each status code', async () => {
  const { paths } = (await describeRoutes(addRoutes)) as {
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
