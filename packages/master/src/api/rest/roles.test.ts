// Every operation of the control API with the token of every role.
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { API_ROLES, includesRole, ROLE_RIGHTS } from '@drumline/model';
import { MasterKey } from '@drumline/wire/security';
import { serveApi } from '../../../../../test/support/control-api.js';

const TOKENS = MasterKey.generate().roleTokens;
const HINTS = {
  view: 'Use the token in drumline.api-view-token or drumline.api-run-token or drumline.api-token.',
  run: 'Use the token in drumline.api-run-token or drumline.api-token.',
  admin: 'Use the token in drumline.api-token.',
};

let served: Awaited<ReturnType<typeof serveApi>>;
let operations: string[];
beforeAll(async () => {
  served = await serveApi({ address: { host: '0.0.0.0' }, access: { token: TOKENS } });
  const { body } = await ask('GET', '/', TOKENS.admin);
  ({ paths: operations } = JSON.parse(body) as { paths: string[] });
});
afterAll(() => served.api.close());

/** Sends a request without a body, and returns its answer or the start of its stream. */
async function ask(method: string, path: string, token?: string): Promise<{ status: number; body: string }> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const sent = httpRequest({ port: served.port, path, method, headers, agent: false }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const { statusCode: status = 0 } = response;
  if (response.headers['content-type'] !== 'text/event-stream')
    return { status, body: (await response.toArray()).join('') };
  sent.destroy();
  return { status, body: '' };
}

test('every operation is allowed to its role and those above, and refused to others by name', async () => {
  expect(operations.length).toBeGreaterThan(20);
  const allowed: string[] = [];
  for (const operation of operations) {
    const [method, pattern] = operation.split(' ') as [string, string];
    const path = pattern
      .replace('{id}', 'current')
      .replace('{name}', 'box-2')
      .replace('{hash}', 'ab'.repeat(32))
      .replace('{format}', 'json');
    const isAdministration = method === 'DELETE' || /\/(drain|run-file)$/.test(path);
    const needed = isAdministration ? 'admin' : method === 'GET' ? 'view' : 'run';
    expect(await ask(method, path)).toMatchObject({ status: 401 });
    for (const role of API_ROLES) {
      const { status, body } = await ask(method, path, TOKENS[role]);
      if (includesRole(role, needed)) {
        expect([operation, role, status]).not.toEqual([operation, role, 403]);
        allowed.push(`${role} ${operation}`);
      } else
        expect([operation, status, JSON.parse(body)]).toEqual([
          operation,
          403,
          {
            error: `this needs a token for ${ROLE_RIGHTS[needed]}, and the token is for ${ROLE_RIGHTS[role]}`,
            code: 'role-missing',
            hint: HINTS[needed],
          },
        ]);
    }
  }
  // Each order was given twice: for running and for administration.
  expect(served.run.orders.filter((order) => order === 'pause')).toHaveLength(2);
  expect(allowed).toContain('view GET /v1/runs/{id}/result');
  expect(allowed).toContain('admin DELETE /v1/runs/{id}');
  expect(allowed).toContain('admin GET /v1/runs/{id}/run-file');
  expect(allowed).not.toContain('run GET /v1/runs/{id}/run-file');
  expect(allowed).not.toContain('run POST /v1/workers/{name}/drain');
  expect(allowed).not.toContain('view POST /v1/runs/{id}/stop');
});

test('a token of another key, and a token with another name of role, are wrong', async () => {
  const other = MasterKey.generate().roleTokens;
  const renamed = TOKENS.view!.replace('api-view', 'api');
  for (const token of [other.admin, other.view, renamed, TOKENS.admin.slice(0, -1)])
    expect(await ask('GET', '/v1/health', token)).toMatchObject({
      status: 401,
      body: expect.stringContaining('token-wrong'),
    });
});

describe('on loopback', () => {
  test('no token is needed for administration, and a token limits to its role', async () => {
    await using local = await serveApi({ access: { token: TOKENS } });
    const stop = (token?: string) =>
      fetch(`${local.url}/v1/runs/current/stop`, {
        method: 'POST',
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      });
    expect((await stop()).status).toBe(200);
    expect((await stop(TOKENS.view)).status).toBe(403);
    expect((await stop(TOKENS.run)).status).toBe(200);
    expect(local.run.orders).toEqual(['stop', 'stop']);
  });
});
