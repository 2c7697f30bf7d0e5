import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { readMainThread, StallDiagnosis, type StallCause, type ThreadReading } from './stall-cause.js';

/** A diagnosis of a process with these readings, five seconds apart. */
function judge(
  before: ThreadReading | undefined,
  after: ThreadReading | undefined,
  { stack, silentMs = 5_000 }: { stack?: string; silentMs?: number } = {},
): StallCause {
  const readings = [before, after];
  let nowMs = 0;
  const standstill = new StallDiagnosis(
    7,
    () => readings.shift(),
    () => (nowMs += 5_000),
  );
  return standstill.cause(stack, silentMs);
}

const at = (state: string, cpuMs: number): ThreadReading => ({ state, cpuMs });

describe('a lane that does not respond', () => {
  test.each<[string, StallCause, StallCause]>([
    ['runs or waits for a CPU', judge(at('S', 0), at('R', 0)), 'starved'],
    ['waits for a disk, for example because it is swapped out', judge(at('R', 0), at('D', 0)), 'starved'],
    ['has used CPU all the time', judge(at('S', 0), at('S', 2_000)), 'starved'],
    ['waits in a system call', judge(at('S', 100), at('S', 110)), 'blocked'],
    ['was stopped by a signal', judge(at('R', 0), at('T', 5_000)), 'blocked'],
    ['runs code of the scenario', judge(at('R', 0), at('R', 5_000), { stack: 'at spin' }), 'blocked'],
    ['has been starved for too long', judge(at('R', 0), at('R', 0), { silentMs: 31_000 }), 'blocked'],
    ['cannot be examined', judge(undefined, undefined), 'blocked'],
    ['has ended meanwhile', judge(at('R', 0), undefined), 'blocked'],
  ])('and %s', (_, cause, expected) => {
    expect(cause).toBe(expected);
  });
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('the main thread of a process is read from the system', async () => {
  const child = spawn(process.execPath, ['-e', 'console.log(1); for (;;);'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    await once(child.stdout, 'data');
    expect(readMainThread(child.pid!)!.state).toMatch(/[RS]/);
    child.kill('SIGSTOP');
    while (readMainThread(child.pid!)!.state !== 'T') await new Promise((resolve) => setTimeout(resolve, 5));
    expect(readMainThread(child.pid!)!.cpuMs).toBeGreaterThanOrEqual(0);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  expect(readMainThread(child.pid!)).toBeUndefined();
});
