import type { MasterClient, WorkerView } from '@drumline/client';
import { useState } from 'preact/hooks';
import { formatBytes, formatCount, formatMs } from '../format.js';
import { Confirm } from '../parts/confirm.js';
import { usePolled } from '../parts/poll.js';
import type { LiveRun } from '../run/live-run.js';
import { Table } from './checks.js';

interface Props {
  readonly run: LiveRun;
  readonly master: MasterClient;
  readonly maySteer: boolean;
}

/** The workers of the run with their lanes. */
export function Workers({ run, master, maySteer }: Props) {
  const [drained, setDrained] = useState<WorkerView | undefined>(undefined);
  const isOver = run.connection.value === 'ended';
  const changes = run.changes.value;
  const { value = [], error } = usePolled(async () => await run.client.workers(), isOver ? 0 : 2_000, [
    run,
    changes,
    isOver,
  ]);
  if (error !== undefined) return <p class="problem">{error}</p>;
  return (
    <>
      <Table
        title="Workers"
        empty="No worker takes part."
        headings={[
          'Worker',
          'State',
          'Users',
          'Requests',
          'CPU',
          'Memory',
          'Loop delay',
          'Last message',
          'Lanes',
          'Action',
        ]}
      >
        {value.map((worker) => (
          <tr key={worker.id} class={worker.state === 'missing' || worker.state === 'lost' ? 'failing' : ''}>
            <th scope="row">
              {worker.name} <span class="muted">{worker.host}</span>
            </th>
            <td class="num">{worker.state}</td>
            <td class="num">{formatCount(worker.users)}</td>
            <td class="num">{formatCount(worker.requests)}</td>
            <td class="num">{Math.round(worker.cpuPercent)} %</td>
            <td class="num">{formatBytes(worker.memoryBytes)}</td>
            <td class="num">{formatMs(worker.loopDelayMs)}</td>
            <td class="num">{formatMs(worker.silentMs)} ago</td>
            <td class="num">
              <Lanes lanes={worker.lanes} />
            </td>
            <td class="num">
              {maySteer && !isOver && (
                <button type="button" onClick={() => setDrained(worker)}>
                  Drain
                </button>
              )}
            </td>
          </tr>
        ))}
      </Table>
      {drained && (
        <Confirm
          title={`Drain ${drained.name}?`}
          text={`Its ${formatCount(drained.users)} users move to the other workers, and its process ends.`}
          verb="Drain"
          act={async () => (await master.drain(drained.id)).message}
          onClose={() => setDrained(undefined)}
        />
      )}
    </>
  );
}

/** A bar for each lane: how busy its event loop is. */
function Lanes({ lanes }: { readonly lanes: WorkerView['lanes'] }) {
  return (
    <span class="lanes">
      {lanes.map(({ lane, busyPercent, state, users, loopDelayMs }) => {
        const text = `Lane ${lane}: ${state}, ${users} users, ${Math.round(busyPercent)} % busy, loop delay ${formatMs(loopDelayMs)}`;
        return (
          <span
            class={busyPercent > 85 ? 'lane bad' : 'lane'}
            role="img"
            aria-label={text}
            title={text}
            key={lane}
          >
            <span style={{ height: `${Math.min(100, busyPercent)}%` }} />
          </span>
        );
      })}
    </span>
  );
}
