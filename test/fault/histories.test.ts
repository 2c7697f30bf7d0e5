// The histories of workers are in the run file: they survive the master, and the run.
import { expect, test } from '@jest/globals';
import type { WorkerHistoryView } from '@drumline/client';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { eventually } from '../support/drumline.js';
import { Service } from '../support/service.js';

/** Histories are stored by turns, each within this time. */
const STORED_THROUGH_SECOND = 10;

test('a master that was killed goes on with the histories of its workers', async () => {
  await using service = await Service.start();
  const target = await startTarget();
  try {
    await service.addWorkers('w1', 'w2');
    const run = service.client.run(await service.submitted('steady', target, ['-t', '10m']));
    const histories = async (through: number): Promise<WorkerHistoryView[]> =>
      await eventually(async () => {
        const { workers } = await run.workerHistories().catch(() => ({ workers: [] }));
        const isThrough = ({ points }: WorkerHistoryView): boolean =>
          (points.at(-1)?.second ?? -1) >= through;
        return workers.length === 2 && workers.every(isThrough) ? workers : undefined;
      }, 60_000);
    // The last second that is stored for sure may be committed a moment after it is shown.
    const before = await histories(STORED_THROUGH_SECOND + 4);
    await service.kill();
    await service.startAgain();
    const after = await histories(before[0]!.points.at(-1)!.second + 5);
    for (const [index, { id, name, points, changes }] of after.entries()) {
      const known = before[index]!;
      expect([id, name]).toEqual([known.id, known.name]);
      const stored = known.points.filter(({ second }) => second < STORED_THROUGH_SECOND - 1);
      expect(stored.length).toBeGreaterThan(0);
      expect(points.slice(0, stored.length)).toEqual(stored);
      expect(changes.slice(0, known.changes.length)).toEqual(known.changes);
      const seconds = points.map(({ second }) => second);
      expect(seconds).toEqual([...new Set(seconds)].toSorted((a, b) => a - b));
    }
    await run.stop();
    expect((await service.result(run.id)).totals.requests).toBe(target.count);
  } finally {
    await target.close();
  }
});
