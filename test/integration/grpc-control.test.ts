// The gRPC control API of the built program, from a client that is generated from control.proto.
import { expect, test } from '@jest/globals';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { closeAfterEach } from '../contract/support/closing.js';
import { Drumline, scenarioPath } from '../support/drumline.js';
import { ControlClient, type Message } from '../support/grpc-control.js';

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
