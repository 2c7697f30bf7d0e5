import type { RunResult } from '@drumline/wire';
import { DrumlineCluster } from '../drumline-cluster.js';
import type { LoadGenerator, OwnCounts } from '../generator.js';
import { signalAll } from '../process-tree.js';

/** Drumline as its users run it: master, worker, one lane, a scenario in TypeScript. */
export function drumline(masterCores: string | undefined, env: NodeJS.ProcessEnv = {}): LoadGenerator {
  return {
    name: 'Drumline',
    version: 'of this directory',
    can: ({ scenario }) => scenario !== undefined,
    async start({ url, connections, streams = 1, scenario }, cores) {
      const options = { scenario: scenario!, url, users: connections * streams, cores, masterCores, env };
      const cluster = await DrumlineCluster.start(options);
      return {
        pid: cluster.workerPid,
        assertAlive: () => cluster.assertAlive(),
        // Only the lanes stop. The control process keeps sending heartbeats.
        hold: () => signalAll(cluster.lanePids, 'SIGSTOP'),
        resume: () => signalAll(cluster.lanePids, 'SIGCONT'),
        end: async () => countsOf(await cluster.stop()),
        kill: () => cluster.kill(),
      };
    },
  };
}

function countsOf({ totals, errors, checks }: RunResult): OwnCounts {
  const failedChecks = checks.reduce((sum, { fails }) => sum + fails, 0);
  const reason = errors[0]?.error ?? checks.find(({ fails }) => fails > 0)?.name;
  return {
    requests: totals.requests,
    failures: Math.max(totals.failures, failedChecks),
    ...(reason !== undefined && { reason }),
  };
}
