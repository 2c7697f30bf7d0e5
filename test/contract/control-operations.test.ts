// REST and gRPC are two ways to the same control plane: every operation but a download is in both,
// with the same answers and the same errors.
import { readFileSync } from 'node:fs';
import { status } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import { API_ERRORS, type ApiErrorName } from '@drumline/model';
import type { ApiProblem } from '@drumline/wire';
import { CALLS } from '../../packages/master/src/api/grpc/calls.js';
import { STREAMS } from '../../packages/master/src/api/grpc/streams.js';
import { shapeOf, toMessage, type Schema } from '../../packages/master/src/api/grpc/shape.js';
import { controlProto } from '../../scripts/dist/docs/control-proto-text.js';
import { failed, serve } from '../support/both-apis.js';
import { FakeRun } from '../support/control-api.js';
import { requestRest } from '../support/request-rest.js';
import { REQUESTS } from '../support/control-requests.js';
import { CONTROL_PROTO, withoutDefaults, type CallFailure, type Message } from '../support/grpc-control.js';

/** Requests with an invalid value, and what both say about it. */
const INVALID: readonly (readonly [name: string, request: Message, about: RegExp])[] = [
  ['SetUsers', { users: -1 }, /users must be >= 0/],
  ['ListRuns', { limit: 0 }, /limit must be/],
  ['ListSeries', { limit: 0 }, /limit must be/],
  ['ListSeries', { offset: -1 }, /offset must be/],
  ['ListSeries', { since: 'x.1' }, /since: it needs offset/],
  ['ListSeries', { offset: 1, since: 'x.1' }, /since: this is not a version/],
  ['ListSeries', { offset: 1, after: 'x' }, /after: it does not go with offset/],
  ['GetTimeline', { points: 0 }, /points must be/],
  ['Annotate', { text: '' }, /text/],
  ['SetUsers', {}, /must have required propert/],
  ['SetUsers', { users: 1, spawnRate: 0 }, /spawnRate must be > 0/],
  ['SetRate', { perSecond: -0.5 }, /perSecond must be >= 0/],
  ['SetRate', { perSecond: 1, overMs: -1 }, /overMs must be >= 0/],
  ['SubmitRun', { submission: '{}' }, /bundle|propert/],
  ['FindMissingArtifacts', { hashes: ['short'] }, /hashes.0 must match pattern/],
  ['UploadArtifact', { hash: 'short', size: 1 }, /hash must/],
  ['InspectScenario', { name: '../shop.ts', text: 'export default 1' }, /name must match pattern/],
  ['StartScenario', { workers: 0 }, /workers must be >= 1/],
];

const ALL = [...CALLS, ...STREAMS];
const ABOUT_RUNS = ALL.filter(({ rest }) => rest.includes('/runs/{id}'));

/** Streams of gRPC have no back-pressure here, so files are only sent over REST. */
const ONLY_REST = ['GET /v1/runs/{id}/run-file'];

function expectSame(grpc: CallFailure, rest: { status: number; body: unknown }, code: ApiErrorName): void {
  const problem = rest.body as ApiProblem;
  expect([grpc.code, problem.code]).toEqual([code, code]);
  const facts = API_ERRORS[code];
  expect([status[grpc.status], rest.status]).toEqual([facts.grpc, facts.status]);
  expect(grpc.hint).toBe(problem.hint);
}

test('every path of REST but a download is a method of gRPC, and control.proto describes the methods', async () => {
  await using served = await serve();
  const openapi = (await (await fetch(`${served.rest.url}/openapi.json`)).json()) as {
    paths: Record<string, object>;
  };
  const paths = Object.entries(openapi.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const inBoth = paths.filter((path) => path.includes('/v1/') && !ONLY_REST.includes(path));
  expect([...new Set(ALL.map(({ rest }) => rest))].sort()).toEqual(inBoth.sort());
  const proto = readFileSync(CONTROL_PROTO, 'utf8');
  expect(proto).toBe(controlProto(proto));
});

test('every operation answers over gRPC as over REST, and gives the run the same order', async () => {
  class AllowsStart extends FakeRun {
    override start = (): string => {
      this.orders.push('start');
      return 'start: done';
    };
  }
  await using served = await serve(new AllowsStart());
  for (const { name, rest, response, request } of CALLS) {
    const names = (request[1] as Schema).properties!['run'] !== undefined;
    const given = { ...REQUESTS[name], ...(names && { run: served.run.id }) };
    const message = await served.client.call(name, given);
    const orders = served.run.orders.splice(0);
    const { body, status: code } = await requestRest(served.rest.url, rest, given);
    const expected = toMessage(shapeOf(response[1]), body) as Message;
    // The time of an answer.
    for (const one of [message, expected]) delete one['uptimeMs'];
    expect([name, code, served.run.orders.splice(0)]).toEqual([
      name,
      ['SubmitRun', 'StartScenario'].includes(name) ? 201 : 200,
      orders,
    ]);
    expect({ name, message: withoutDefaults(message) }).toEqual({ name, message: withoutDefaults(expected) });
  }
});

describe('errors are the same', () => {
  test('of a run that does not exist; without a name it is the current one', async () => {
    await using served = await serve();
    for (const { name, rest, request } of ABOUT_RUNS) {
      const given = { ...REQUESTS[name], run: 'r9-of-tests' };
      expect(request[1].properties).toHaveProperty('run');
      const failure = await failed(served.client, name, given);
      expectSame(failure, await requestRest(served.rest.url, rest, given), 'run-unknown');
      expect(failure.message).toContain('r9-of-tests');
    }
    expect(await served.client.call('GetRun', {})).toMatchObject({ runId: served.run.id });
    expect(await served.client.call('GetRun', { run: '' })).toMatchObject({ runId: served.run.id });
  });

  test('of invalid values', async () => {
    await using served = await serve();
    for (const [name, request, about] of INVALID) {
      const { rest } = CALLS.find((operation) => operation.name === name)!;
      const viaRest = await requestRest(served.rest.url, rest, request);
      const failure = await failed(served.client, name, request);
      expectSame(failure, viaRest, 'argument-invalid');
      expect([failure.message, (viaRest.body as ApiProblem).error]).toEqual([
        expect.stringMatching(about),
        expect.stringMatching(about),
      ]);
    }
    expect(served.run.orders).toEqual([]);
  });

  test('of bytes that are not a message', async () => {
    await using served = await serve();
    for (const { name } of CALLS) {
      const path = `/drumline.control.v1.Control/${name}`;
      await expect(served.client.callWithBytes(path, Buffer.from('0a', 'hex'))).rejects.toMatchObject({
        code: 'argument-invalid',
        message: expect.stringContaining('the bytes are not a '),
      });
    }
  });

  test('of orders that the run does not allow, and of defects', async () => {
    const run = new FakeRun();
    run.stats = () => {
      throw new Error('a defect');
    };
    await using served = await serve(run);
    const start = await requestRest(served.rest.url, 'POST /v1/runs/{id}/start', {});
    expectSame(await failed(served.client, 'StartRun', {}), start, 'request-invalid');
    const stats = await requestRest(served.rest.url, 'GET /v1/runs/{id}/stats', {});
    expectSame(await failed(served.client, 'GetStats', {}), stats, 'internal');
  });

  test('of a missing and of a wrong token, for every operation', async () => {
    const refused: string[] = [];
    const access = { token: 's3cret', refuse: (kind: string) => void refused.push(kind) };
    await using served = await serve(new FakeRun(), access, '0.0.0.0');
    for (const { name, rest } of ALL)
      for (const [token, code] of [
        [undefined, 'token-missing'],
        ['other', 'token-wrong'],
      ] as const) {
        const request = REQUESTS[name] ?? {};
        const viaRest = await requestRest(served.rest.url, rest, request, token);
        expectSame(await failed(served.client, name, request, token), viaRest, code);
      }
    // Both of both kinds.
    expect(refused.length).toBe(4 * ALL.length);
    expect(await served.client.call('GetRun', {}, { token: 's3cret' })).toMatchObject({ state: 'running' });
    expect(served.run.orders).toEqual([]);
  });

  test('of a token whose role has no right, for every operation', async () => {
    const token = { view: 'v1ew', run: 'r7n', admin: 'adm1n' };
    await using served = await serve(new FakeRun(), { token, tokenOnLoopback: true });
    for (const { name, rest } of ALL) {
      const request = REQUESTS[name] ?? {};
      const viaRest = await requestRest(served.rest.url, rest, request, 'v1ew');
      const isRead = rest.startsWith('GET');
      expect([name, viaRest.status === 403]).toEqual([name, !isRead]);
      if (!isRead) expectSame(await failed(served.client, name, request, 'v1ew'), viaRest, 'role-missing');
      else if (CALLS.some((call) => call.name === name))
        await served.client.call(name, request, { token: 'v1ew' });
    }
    expect(await served.client.call('PauseRun', {}, { token: 'r7n' })).toMatchObject({ state: 'running' });
    // To change the cluster and its list of runs needs the right to administration.
    const administration = ALL.filter(({ rest }) => /^DELETE|\/drain$/.test(rest));
    expect(administration).toHaveLength(2);
    for (const { name, rest } of administration) {
      const given = { run: served.run.id, ...REQUESTS[name] };
      const viaRest = await requestRest(served.rest.url, rest, given, 'r7n');
      expectSame(await failed(served.client, name, given, 'r7n'), viaRest, 'role-missing');
    }
  });

  test('of a missing token on loopback, if the API needs it there, too', async () => {
    await using served = await serve(new FakeRun(), { tokenOnLoopback: true, token: 's3cret' });
    expect((await failed(served.client, 'GetRun', {})).code).toBe('token-missing');
  });
});
