// The histories of workers are in the run file: they survive the master, and the run.
import { expect, test } from '@jest/globals';
import type { WorkerHistoryView } from '@drumline/client';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { eventually } from '../support/drumline.js';
import { Service } from '../support/service.js';

/** Histories are stored by turns, each within this time. */
const STORED_THROUGH_SECOND = 10;

const highest = (values: readonly number[]): number => Math.max(0, ...values);

test('a master that was killed goes on with the histories of its workers, and a later one has them', async () => {
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
    const result = await service.result(run.id);
    expect(result.totals.requests).toBe(target.count);

    const [ended, workers] = [await run.workerHistories(), await run.workers()];
    await service.master.prints(new RegExp(`${run.id.slice(0, 8)}\\] steady\\.ts has ended`));
    await service.kill();
    await service.startAgain();
    expect(await run.workerHistories()).toEqual(ended);
    expect(await run.workers()).toEqual(workers);
    expect(ended.workers.map(({ id }) => id)).toEqual(after.map(({ id }) => id));
    for (const [index, { points, changes }] of ended.workers.entries()) {
      const { points: shown, changes: known } = after[index]!;
      expect(points.slice(0, shown.length - 1)).toEqual(shown.slice(0, -1));
      expect(changes.slice(0, known.length)).toEqual(known);
    }
    // The highest figures of a worker are those of its history and of the result.
    expect(workers).toMatchObject(
      result.workers.map(({ id, requests, memoryBytes, cpuPercent, state }, index) => {
        const { points } = ended.workers[index]!;
        return {
          id,
          name: ended.workers[index]!.name,
          state,
          requests,
          memoryBytes,
          cpuPercent: cpuPercent.control,
          loopDelayMs: highest(points.map(({ loopDelayMs }) => loopDelayMs)),
          lanes: cpuPercent.lanes.map((lanePercent, lane) => ({
            lane,
            cpuPercent: lanePercent,
            busyPercent: highest(points.map(({ lanesBusyPercent }) => lanesBusyPercent[lane] ?? 0)),
          })),
        };
      }),
    );
    const { workers: named, total } = await run.workerHistories({ worker: ended.workers[1]!.name });
    expect([named, total]).toEqual([[ended.workers[1]], 1]);
  } finally {
    await target.close();
  }
});
