import { useState } from 'preact/hooks';
import { formatCount, formatRate } from '../../format.js';
import { announce } from '../../parts/announcer.js';
import { Dialog } from '../../parts/dialog.js';
import { messageOf } from '../../parts/message-of.js';
import type { LiveRun } from '../../run/live-run.js';
import { Problem } from '../../parts/problem.js';

interface DialogProps {
  readonly run: LiveRun;
  readonly onClose: () => void;
}

/** Changes the users or the rate of a user type. */
export function LoadDialog({ run, onClose }: DialogProps) {
  const status = run.status.value!;
  const hasRate = status.plannedRate !== undefined;
  const hasUsers = status.stages.length === 0 || status.stages.some(({ kind }) => kind === 'users');
  const types = [...new Set(status.stages.flatMap(({ userTypes }) => userTypes))];
  const [kind, setKind] = useState<'users' | 'rate'>(hasUsers ? 'users' : 'rate');
  const now = kind === 'users' ? status.plannedUsers : (status.plannedRate ?? 0);
  const [wanted, setWanted] = useState(String(now));
  const [over, setOver] = useState('0');
  const [user, setUser] = useState('');
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const value = Number(wanted);
  const seconds = Number(over);
  const isValid = wanted.trim() !== '' && value >= 0 && seconds >= 0;
  const change = Math.abs(value - now);
  const text = !isValid
    ? 'Enter a number from 0.'
    : kind === 'users'
      ? `${formatCount(now)} → ${formatCount(value)} users${seconds > 0 ? `, ${formatRate(change / seconds)} over ${over} s` : ', at once'}.`
      : `${formatRate(now)} → ${formatRate(value)}${seconds > 0 ? ` over ${over} s` : ', in about a second'}.`;
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const type = user === '' ? undefined : user;
    try {
      const { message } =
        kind === 'users'
          ? await run.client.setUsers(value, {
              user: type,
              spawnRate: seconds > 0 && change > 0 ? change / seconds : undefined,
            })
          : await run.client.setRate(value, {
              user: type,
              overMs: seconds > 0 ? seconds * 1_000 : undefined,
            });
      onClose();
      announce(message);
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <Dialog title="Change the load" onClose={onClose}>
      <form onSubmit={(event) => void send(event)}>
        {hasRate && hasUsers && (
          <label>
            What
            <select
              value={kind}
              onChange={({ currentTarget }) => setKind(currentTarget.value as 'users' | 'rate')}
            >
              <option value="users">users</option>
              <option value="rate">rate</option>
            </select>
          </label>
        )}
        {types.length > 1 && (
          <label>
            User type
            <select value={user} onChange={({ currentTarget }) => setUser(currentTarget.value)}>
              <option value="">all that share a load</option>
              {types.map((type) => (
                <option key={type}>{type}</option>
              ))}
            </select>
          </label>
        )}
        <label>
          {kind === 'users' ? 'Users' : 'Starts per second'}
          <input
            type="number"
            min="0"
            step={kind === 'users' ? '1' : 'any'}
            autofocus
            value={wanted}
            onInput={({ currentTarget }) => setWanted(currentTarget.value)}
          />
        </label>
        <label>
          Over seconds
          <input
            type="number"
            min="0"
            value={over}
            onInput={({ currentTarget }) => setOver(currentTarget.value)}
          />
        </label>
        <p class="muted">{text}</p>
        <Problem>{problem}</Problem>
        <p class="buttons">
          <button type="submit" class="primary" disabled={!isValid}>
            Change the load
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </p>
      </form>
    </Dialog>
  );
}
