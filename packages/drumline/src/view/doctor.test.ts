import { expect, test } from '@jest/globals';
import { withoutLoad, type Diagnosis } from '@drumline/model';
import { renderExamination } from './doctor.js';
import { widthOf } from './text.js';

const OK: Diagnosis = { check: 'memory', grade: 'ok', value: '8 GiB', allows: '4 lanes' };
const TIGHT: Diagnosis = {
  check: 'TIME_WAIT',
  grade: 'tight',
  value: 'a port is kept for 60 s',
  allows: '470 new connections/s',
  problem: 'the users open 900 connections per second',
  remedy: 'sysctl -w net.ipv4.tcp_tw_reuse=1',
};
const BREAKS: Diagnosis = { ...TIGHT, check: 'open files', grade: 'breaks', problem: 'too few' };
const UNKNOWN: Diagnosis = { check: 'CPU steal', grade: 'unknown', value: 'not known on this system' };

function rendered(
  checks: readonly Diagnosis[],
  more: Partial<Parameters<typeof renderExamination>[0]> = {},
  { color = false, width = 80 } = {},
): string {
  const shown = { role: 'worker' as const, workers: 1, needs: withoutLoad(2), checks, ...more };
  return renderExamination(shown, { color, width });
}

test('each check has a mark, its value, what that allows, and how to fix it', () => {
  expect(rendered([BREAKS, TIGHT, OK, UNKNOWN])).toBe(
    `This machine as worker with 2 lanes, no load given:

✗ open files  a port is kept for 60 s: 470 new connections/s
              Too few.
              Fix: sysctl -w net.ipv4.tcp_tw_reuse=1
! TIME_WAIT   a port is kept for 60 s: 470 new connections/s
              The users open 900 connections per second.
              Fix: sysctl -w net.ipv4.tcp_tw_reuse=1
✓ memory      8 GiB: 4 lanes
? CPU steal   not known on this system

1 check will certainly break the run.`,
  );
});

test.each([
  [[OK, UNKNOWN], 'Nothing here limits the run.'],
  [[OK, TIGHT], '1 check may slow the run, or fail a part of it.'],
  [[TIGHT, TIGHT], '2 checks may slow the run, or fail a part of it.'],
  [[TIGHT, BREAKS, BREAKS], '2 checks will certainly break the run.'],
])('the last line names the worst: %#', (checks, conclusion) => {
  expect(rendered(checks).split('\n').at(-1)).toBe(conclusion);
});

const NEEDS = { ...withoutLoad(1), users: 50_000, starts: 20 };

test.each([
  [{ role: 'master' as const }, 'This machine as master, no load given:'],
  [{ role: 'both' as const, needs: withoutLoad(1) }, 'as master and worker with 1 lane, no load given:'],
  [{ needs: NEEDS, workers: 4 }, 'for 50,000 users and 20 iterations/s, its share of 4 workers:'],
  [{ needs: { ...NEEDS, users: 1, opened: 5 } }, 'for 1 user and 20 arrivals/s:'],
  [{ scenario: 'shop', target: 'http://shop' }, 'no load given of shop, target http://shop:'],
])('the first line says what the machine is checked for: %#', (more, head) => {
  const [first] = rendered([OK], more, { width: 200 }).split('\n\n');
  expect(first).toContain(head);
});

test('lines fit, and text from elsewhere cannot contain control characters', () => {
  const text = rendered([{ ...TIGHT, value: `${'long '.repeat(30)}\u001b[2J\n` }], {}, { width: 50 });
  for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(50);
  expect(text).not.toContain('\u001b');
});

test('colors show the grade', () => {
  const text = rendered([BREAKS, TIGHT, OK], {}, { color: true });
  expect(text).toContain('\u001b[31m✗\u001b[39m');
  expect(text).toContain('\u001b[33m!\u001b[39m');
  expect(text).toContain('\n✓ memory');
});
