import { fileURLToPath } from 'node:url';
import { startMaster, type MasterHandle } from '@drumline/master';
import { startWorker } from '@drumline/worker';

/** A master and a worker with one lane in this process, running one of the benchmark scenarios. */
export interface BenchCluster {
  readonly master: MasterHandle;
  /**
   * Stops the run.
   * @returns the number of requests it counted
   */
  readonly end: () => Promise<number>;
}

export async function startCluster(scenario: string, target?: string): Promise<BenchCluster> {
  const master = await startMaster(
    {
      scenario: fileURLToPath(new URL(`../../bench/scenarios/${scenario}.ts`, import.meta.url)),
      overrides: target === undefined ? {} : { target },
      bind: 'tcp://127.0.0.1:0',
      api: null,
      expectWorkers: 1,
      expectWorkersMaxWaitMs: 30_000,
      autostart: true,
      heartbeatMs: 1_000,
      missingAfterMs: 3_000,
      dataDir: null,
    },
    () => {},
  );
  const worker = startWorker({
    master: master.workerAddress,
    name: 'bench',
    lanes: 1,
    // A busy machine may suspend the master for seconds.
    orphanGraceMs: 30_000,
    reconnectForMs: 30_000,
    connectTimeoutMs: 30_000,
    laneHeapMb: null,
    log: () => {},
    print: () => {},
  });
  return {
    master,
    end: async () => {
      master.stop('requested');
      const { totals } = await master.finished;
      await master.close();
      await worker.finished;
      return totals.requests;
    },
  };
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
