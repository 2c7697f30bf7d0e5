import { expect, test } from '@jest/globals';
import { whyWaiting } from './waiting.js';

const A = { runId: 'aaaaaaaa-1111', workers: 3 };
const B = { runId: 'bbbbbbbb-2222', workers: 1 };
const nothing = { wants: 'all', free: 0, connected: 0, holders: [], behind: undefined } as const;

test.each([
  [nothing, 'no worker is connected'],
  [{ ...nothing, connected: 3, holders: [A] }, 'run aaaaaaaa has all 3 workers'],
  [{ ...nothing, connected: 1, holders: [B] }, 'run bbbbbbbb has the only worker'],
  [{ ...nothing, connected: 4, holders: [A, B] }, 'run aaaaaaaa has 3, run bbbbbbbb has 1'],
  [{ ...nothing, connected: 2 }, 'no connected worker can take part'],
  [{ ...nothing, wants: 5, free: 2, connected: 3, holders: [B] }, 'it wants 5 workers, and 3 are connected'],
  [
    { ...nothing, wants: 2, free: 1, connected: 4, holders: [A] },
    'it wants 2 workers, and 1 is free: run aaaaaaaa has 3',
  ],
  [{ ...nothing, wants: 2, free: 1, connected: 2 }, 'it wants 2 workers, and 1 is free'],
  [
    { ...nothing, free: 1, connected: 1, behind: 'cccccccc-3333' },
    'run cccccccc is before it, and waits for workers',
  ],
] as const)('%# %j waits because %s', (line, why) => {
  expect(whyWaiting(line)).toBe(why);
});
