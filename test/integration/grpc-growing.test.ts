// Growing gRPC calls on saturated lanes, a load that makes other generators lose workers.
import { expect, test } from '@jest/globals';
import { closeAfterEach } from '../contract/support/closing.js';
import { Cluster } from '../support/drumline.js';
import { serveGrowingBank } from '../support/growing-bank.js';

const opened = closeAfterEach();

test('calls from 10 to 10,000 accounts and one of 64 MB delay no heartbeat and are counted exactly', async () => {
  const bank = await opened(serveGrowingBank());
  const load = ['-H', bank.origin, '--expect-workers', '2', '--stop-timeout', '15s'];
  await using cluster = await Cluster.start('grpc-growing', load);
  for (const name of ['w1', 'w2']) cluster.addWorker(name);
  const result = await cluster.result();

  expect(result).toMatchObject({ exit: 'passed', exceptions: [], errors: [] });
  expect(result.totals).toMatchObject({ requests: bank.requests, failures: 0, interrupted: 0 });
  expect(Object.fromEntries(result.series.map(({ name, requests }) => [name, requests]))).toEqual(
    bank.answered,
  );
  expect(result.checks.map(({ fails }) => fails)).toEqual([0, 0]);
  expect(result.workers.map(({ id, state }) => [id, state])).toEqual([
    ['w1', 'idle'],
    ['w2', 'idle'],
  ]);
  // The lanes were overloaded. The busiest second shows it, a note only if it lasted.
  // If the machine has no CPU for them, the seconds are untrusted.
  const busiest = result.workers.map(({ cpuPercent }) => Math.max(...cpuPercent.lanes));
  const isNoted = result.notes.some(({ code }) => code === 'lane-busy' || code === 'lane-stalled');
  expect(isNoted || result.untrusted !== undefined || Math.max(...busiest) >= 70).toBe(true);
  expect(Object.keys(bank.answered)).toEqual(expect.arrayContaining(['10000 accounts', 'archive']));
  for (const { longestHeartbeatGapMs } of result.workers) {
    expect(longestHeartbeatGapMs).toBeGreaterThan(0);
    if (result.untrusted === undefined) expect(longestHeartbeatGapMs).toBeLessThan(1_500);
  }
});
