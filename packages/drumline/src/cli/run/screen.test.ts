import { PassThrough } from 'node:stream';
import { expect, jest, test } from '@jest/globals';
import type { LiveModel } from '../../view/model.js';
import { openScreen } from './screen.js';

const counts = { requests: 3, failures: 0, p50Ms: 1, p95Ms: 1, p99Ms: 1 };
const failed = { requests: 0, checks: 0, exceptions: 0 };
const MODEL = {
  status: {
    state: 'running',
    elapsedMs: 2_000,
    plannedMs: null,
    users: 2,
    plannedUsers: 2,
    workers: { connected: 1 },
    failed,
  },
  current: counts,
  totals: counts,
  schedule: [],
} as unknown as LiveModel;

// A snapshot is expensive with thousands of workers.
test.each([
  ['that is not a terminal takes a snapshot only when it prints a line', false, 1],
  ['that is quiet takes no snapshots', true, 0],
])('a screen %s', async (_, quiet, snapshots) => {
  const out = new PassThrough({ encoding: 'utf8' });
  const screen = openScreen({ out: out as unknown as NodeJS.WriteStream, quiet });
  const takeSnapshot = jest.fn(() => MODEL);
  for (let times = 0; times < 3; times += 1) screen.show(takeSnapshot);
  expect(takeSnapshot).toHaveBeenCalledTimes(snapshots);
  if (snapshots > 0) expect(await new Promise((resolve) => out.once('data', resolve))).toContain('running');
});
