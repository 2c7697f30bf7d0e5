// The gRPC control API of the built program, from a client that is generated from control.proto.
import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { checkScenario } from '@drumline/scenario/project';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { closeAfterEach } from '../contract/support/closing.js';
import { Drumline, scenarioPath } from '../support/drumline.js';
import { ControlClient, type CallFailure, type Message } from '../support/grpc-control.js';
import { Service } from '../support/service.js';

const closing = closeAfterEach();

test('a generated client drives a run and reads every second, and the program describes its API', async () => {
  const target = await closing(startTarget());
  const args = ['run', scenarioPath('steady'), '-H', target.url, '--lanes', '1', '--no-html'];
  await using run = new Drumline([...args, '--api', '127.0.0.1:0', '--grpc', '127.0.0.1:0']);
  const [, address] = await run.prints(/gRPC API at (127\.0\.0\.1:\d+)/);
  const [listed, called, second, open] = await Promise.all([
    new Drumline(['grpc', 'list', address!]).ended,
    new Drumline(['grpc', 'call', address!, 'drumline.control.v1.Control/GetHealth']).ended,
    new Drumline([...args, '--api', '127.0.0.1:0', '--grpc', address!]).ended,
    new Drumline([...args, '--grpc', '0.0.0.0:0']).ended,
  ]);
  expect(listed.output).toMatch(/drumline\.control\.v1\.Control[^]*FollowEvents +server stream[^]*Health/);
  expect(JSON.parse(called.output)).toMatchObject({ mode: 'run' });
  expect([second.code, second.output]).toEqual([
    6,
    expect.stringMatching(/gRPC API cannot listen on .* port is in use/),
  ]);
  expect([open.code, open.output]).toEqual([2, expect.stringMatching(/needs a key/)]);

  using control = new ControlClient(address!);
  const points = new Map<number, Message>();
  let end: Message | undefined;
  for await (const event of control.follow({ after: 0 })) {
    const data = event[event['event'] as string] as Message;
    if (event['event'] === 'end') end = data;
    if (event['event'] === 'correction') points.set(data['number'] as number, data['point'] as Message);
    if (event['event'] !== 'interval') continue;
    points.set(data['number'] as number, data['point'] as Message);
    if (data['number'] === 1) {
      expect(await control.call('SetUsers', { users: 4 })).toMatchObject({ state: 'running' });
      expect(await control.call('GetStatus')).toMatchObject({ state: 'running', plannedUsers: 4 });
    }
    if (data['number'] === 2) await control.call('StopRun');
  }
  const { code, output } = await run.ended;
  expect([code, end]).toMatchObject([0, { exitCode: 0, verdict: 'passed' }]);
  const counted = [...points.values()].reduce((sum, point) => sum + (point['requests'] as number), 0);
  expect(counted).toBe(target.count);
  expect(output).toContain(`${target.count.toLocaleString('en')} requests`);
});

test('a generated client uploads and submits a run, follows it, and its result is the target’s count', async () => {
  const target = await closing(startTarget());
  await using service = await Service.start(['--grpc', '127.0.0.1:0']);
  const [, address] = await service.master.prints(/gRPC API at (127\.0\.0\.1:\d+)/);
  using control = new ControlClient(address!);
  const overrides = { target: target.url, runTimeMs: 1_000, labels: { via: 'grpc' } };
  const checked = await checkScenario(scenarioPath('quick'), overrides, { types: false, secrets: {} });
  const code = Buffer.from(checked.bundle.code);
  const { id: hash } = checked.bundle;
  expect(createHash('sha256').update(code).digest('hex')).toBe(hash);
  const size = code.byteLength;
  const submission = JSON.stringify({
    scenario: 'quick.ts',
    bundle: { id: hash, size },
    plan: checked.plan,
  });

  expect(await failureOfCall(control.call('SubmitRun', { submission }))).toBe('artifacts-missing');
  expect(await control.call('FindMissingArtifacts', { hashes: [hash] })).toEqual({ missing: [hash] });
  const half = Math.floor(size / 2);
  await control.call('UploadArtifact', { hash, size, data: code.subarray(0, half) });
  const again = control.call('UploadArtifact', { hash, size, data: code });
  expect(await failureOfCall(again)).toBe('upload-offset');
  const { bytes: offset } = await control.call('GetUpload', { hash });
  expect(offset).toBe(half);
  await control.call('UploadArtifact', { hash, size, offset, data: code.subarray(half) });
  expect(await control.call('FindMissingArtifacts', { hashes: [hash] })).toEqual({ missing: [] });

  const request = { submission, idempotencyKey: 'one' };
  const { runId: run } = await control.call('SubmitRun', request);
  expect((await control.call('SubmitRun', request))['runId']).toBe(run);
  const listed = async (query: Message): Promise<unknown[]> =>
    ((await control.call('ListRuns', query))['runs'] as Message[]).map(({ runId }) => runId);
  expect(await listed({ state: ['queued'], labels: { via: 'grpc' } })).toEqual([run]);
  expect(await listed({ labels: { via: 'rest' } })).toEqual([]);

  const events: unknown[] = [];
  let end: unknown;
  for await (const event of control.follow({ run, after: 0 })) {
    const kind = event['event'] as string;
    events.push(kind === 'state' ? (event[kind] as Message)['state'] : kind);
    if (events.at(-1) === 'queued') service.addWorker('w1');
    if (kind === 'end') end = event[kind];
  }
  expect(end).toMatchObject({ exitCode: 0, verdict: 'passed' });
  expect(events).toEqual(expect.arrayContaining(['queued', 'running', 'interval']));
  expect(events.at(-1)).toBe('end');
  const { totals } = await control.call('GetResult', { run });
  expect((totals as Message)['requests']).toBe(target.count);
  expect(target.count).toBeGreaterThan(0);
  expect(await listed({ state: ['active'] })).toEqual([]);
  expect(await listed({ state: ['finished'], limit: 1 })).toEqual([run]);
});

/** The code of an error. */
async function failureOfCall(call: Promise<unknown>): Promise<unknown> {
  return await call.then(
    () => 'none',
    ({ code }: CallFailure) => code,
  );
}
