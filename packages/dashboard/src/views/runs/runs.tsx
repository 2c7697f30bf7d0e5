import type { MasterClient, RunView } from '@drumline/client';
import { useState } from 'preact/hooks';
import { usePolled } from '../../parts/poll.js';
import { route, setQuery } from '../../route.js';
import { PastRuns } from './past-runs.js';
import { Queue } from './queue.js';
import { Trend } from './trend.js';

const LIMIT = 500;

interface Props {
  readonly master: MasterClient;
  readonly role: string;
}

/** The runs of the master: in progress, queued, ended. */
export function Runs({ master, role }: Props) {
  const { query } = route.value;
  const { value, error, again } = useRuns(master);
  if (error !== undefined) return <p class="problem">{error}</p>;
  if (!value) return <p class="muted empty">Loading…</p>;
  const ended = value.filter(({ endedAt }) => endedAt !== undefined);
  const active = value.filter(({ endedAt }) => endedAt === undefined).toReversed();
  const scenarios = [...new Set(ended.map(({ scenario }) => scenario))];
  const scenario = query['scenario'] ?? scenarios[0] ?? '';
  return (
    <>
      <h1>Runs</h1>
      <Queue runs={active} master={master} maySteer={role !== 'view'} />
      <Trend
        runs={ended.filter((run) => run.scenario === scenario)}
        scenario={scenario}
        scenarios={scenarios}
        onScenario={(chosen) => setQuery('scenario', chosen)}
      />
      <PastRuns runs={ended} master={master} mayDelete={role === 'admin'} onDeleted={again} />
    </>
  );
}

function useRuns(master: MasterClient): {
  readonly value: readonly RunView[] | undefined;
  readonly error: string | undefined;
  readonly again: () => void;
} {
  const [number, setNumber] = useState(0);
  const again = (): void => setNumber((before) => before + 1);
  const { value, error } = usePolled(async () => (await master.runs({ limit: LIMIT })).runs, 3_000, [
    master,
    number,
  ]);
  return { value, error, again };
}
