import type { OrderReply, RunClient, StatusView } from '@drumline/client';
import { useState } from 'preact/hooks';
import { formatCount, formatRate } from '../format.js';
import { Dialog } from '../parts/dialog.js';
import { announce } from '../parts/announcer.js';
import type { LiveRun } from '../run/live-run.js';
import { messageOf } from '../parts/message-of.js';

interface ConfirmProps {
  readonly title: string;
  /** What will happen. */
  readonly text: string;
  readonly verb: string;
  /** @returns what the master says that it does */
  readonly act: () => Promise<string>;
  readonly onClose: () => void;
}

/** Asks before something that cannot be undone. */
export function Confirm({ title, text, verb, act, onClose }: ConfirmProps) {
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const [isSending, setSending] = useState(false);
  const send = async (): Promise<void> => {
    setSending(true);
    try {
      announce(await act());
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
      setSending(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <p class="buttons">
        <button type="button" class="primary" disabled={isSending} onClick={() => void send()}>
          {verb}
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </p>
    </Dialog>
  );
}

type Asked = 'start' | 'stop' | 'cancel' | 'reset' | 'load' | 'annotate';

/** Orders for the run in progress. Each confirmation says what will happen. */
export function Controls({ run }: { readonly run: LiveRun }) {
  const [asked, setAsked] = useState<Asked | undefined>(undefined);
  const status = run.status.value;
  const state = run.view.value?.state ?? status?.state ?? '';
  if (!status || run.connection.value === 'ended') return null;
  const isPaused = status.paused || state === 'paused';
  const close = (): void => setAsked(undefined);
  const { client } = run;
  const question = asked && questionOf(asked, run.client, status);
  return (
    <span class="buttons" role="group" aria-label="Control">
      {state === 'ready' && (
        <button type="button" class="primary" onClick={() => setAsked('start')}>
          Start
        </button>
      )}
      {(state === 'running' || isPaused) && (
        <>
          <button
            type="button"
            aria-keyshortcuts="p"
            data-key="p"
            onClick={() => void tell(told(isPaused ? client.resume() : client.pause()))}
          >
            {isPaused ? 'Resume' : 'Pause'}
          </button>
          <button type="button" aria-keyshortcuts="u" data-key="u" onClick={() => setAsked('load')}>
            Load…
          </button>
          <button type="button" aria-keyshortcuts="a" data-key="a" onClick={() => setAsked('annotate')}>
            Annotate…
          </button>
          <button type="button" onClick={() => setAsked('reset')}>
            Reset…
          </button>
        </>
      )}
      <button
        type="button"
        class="danger"
        aria-keyshortcuts="s"
        data-key="s"
        onClick={() => setAsked('stop')}
      >
        Stop…
      </button>
      {state === 'draining' && (
        <button type="button" class="danger" onClick={() => setAsked('cancel')}>
          Cancel…
        </button>
      )}
      {question && <Confirm {...question} onClose={close} />}
      {asked === 'load' && <LoadDialog run={run} onClose={close} />}
      {asked === 'annotate' && <AnnotateDialog run={run} onClose={close} />}
    </span>
  );
}

/** What is asked before an order; undefined if its dialog has a form. */
function questionOf(
  asked: Asked,
  client: RunClient,
  { users, workers }: StatusView,
): Omit<ConfirmProps, 'onClose'> | undefined {
  switch (asked) {
    case 'start':
      return {
        title: 'Start the run?',
        text: `${workers.connected} workers begin the load at the same moment.`,
        verb: 'Start',
        act: () => told(client.start()),
      };
    case 'stop':
      return {
        title: 'Stop the run?',
        text: `${formatCount(users)} users finish what they are doing, everything is counted, and the run ends with its verdict.`,
        verb: 'Stop the run',
        act: () => told(client.stop()),
      };
    case 'cancel':
      return {
        title: 'End the run at once?',
        text: 'Requests that workers have not reported by now are not counted.',
        verb: 'End at once',
        act: () => told(client.cancel()),
      };
    case 'reset':
      return {
        title: 'Reset the statistics?',
        text: 'Everything counted so far is discarded. The load goes on.',
        verb: 'Reset',
        act: () => told(client.reset()),
      };
    case 'load':
    case 'annotate':
      return undefined;
  }
}

function told(order: Promise<OrderReply>): Promise<string> {
  return order.then(({ message }) => message);
}

async function tell(order: Promise<string>): Promise<void> {
  try {
    announce(await order);
  } catch (error) {
    announce(messageOf(error), 'problem');
  }
}

interface DialogProps {
  readonly run: LiveRun;
  readonly onClose: () => void;
}

/** Changes the users or the rate of a user type. */
function LoadDialog({ run, onClose }: DialogProps) {
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
      announce(message);
      onClose();
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
        {problem !== undefined && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
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

function AnnotateDialog({ run, onClose }: DialogProps) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    try {
      await run.client.annotate(text);
      announce('The remark was added.');
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <Dialog title="Add a remark" onClose={onClose}>
      <form onSubmit={(event) => void send(event)}>
        <label>
          Remark at this moment
          <input
            autofocus
            value={text}
            maxLength={500}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        {problem !== undefined && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <p class="buttons">
          <button type="submit" class="primary" disabled={text.trim() === ''}>
            Add
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </p>
      </form>
    </Dialog>
  );
}
