import type { Allocation } from '../allocation/allocation.js';
import type { Participant } from '../allocation/participant.js';
import type { Cluster } from '../cluster/cluster.js';
import { Intervals } from '../intervals/intervals.js';
import { QuantilePace } from '../intervals/quantile-pace.js';
import type { RunOptions } from '../options.js';
import type { StoreWriter } from '../store/store-writer.js';
import { busyProbe } from './busy-probe.js';
import type { NoteCollector } from './note-collector.js';

interface Parts {
  readonly notes: Pick<NoteCollector, 'add'>;
  readonly writer: Pick<StoreWriter, 'saved' | 'takeBusy'>;
  readonly allocation: Pick<Allocation, 'acknowledge'>;
  readonly cluster: { readonly registry: Pick<Cluster['registry'], 'unreadForMs'> };
  readonly options: Pick<RunOptions, 'quantilesEverySeconds'>;
}

/** Creates the intervals of a run. Reports are acknowledged once they would survive the master. */
export function createIntervals(run: Parts): Intervals {
  const acknowledge = (workers: readonly Participant[]): void => {
    const covered = workers.map((worker) => [worker, worker.coveredSeq] as const);
    void run.writer.saved(workers).then(() => {
      for (const [worker, seq] of covered) run.allocation.acknowledge(worker, seq);
    });
  };
  return new Intervals({
    covered: acknowledge,
    onSubscriberProblem: (name, problem) =>
      run.notes.add(
        'intervals-lost',
        `${name} did not receive all seconds of the run: ${problem}. The report is complete.`,
        `intervals-lost ${name}`,
      ),
    quantiles: quantilePaceOf(run),
  });
}

function quantilePaceOf({ cluster, options, writer }: Parts): QuantilePace {
  const { quantilesEverySeconds } = options;
  const { unreadForMs } = cluster.registry;
  if (quantilesEverySeconds === undefined)
    return new QuantilePace({ takeBusy: busyProbe(writer), unreadForMs });
  const pace = new QuantilePace();
  pace.set(quantilesEverySeconds);
  return pace;
}
