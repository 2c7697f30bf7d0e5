import { useState } from 'preact/hooks';
import { Confirm } from '../../parts/confirm.js';
import type { LiveRun } from '../../run/live-run.js';
import { AnnotateDialog } from './annotate-dialog.js';
import { LoadDialog } from './load-dialog.js';
import { questionOf, type Order } from './questions.js';

interface OrderButton {
  readonly asks: Order | 'load' | 'annotate';
  readonly title: string;
  readonly key?: string;
  readonly tone?: 'primary' | 'danger';
}

/** The orders that a state allows. */
function buttonsOf(state: string, isPaused: boolean): readonly OrderButton[] {
  const stop: OrderButton = { asks: 'stop', title: 'Stop…', key: 's', tone: 'danger' };
  if (state === 'queued') return [{ asks: 'leave-queue', title: 'Cancel…', key: 's', tone: 'danger' }];
  if (state === 'ready') return [{ asks: 'start', title: 'Start…', key: 'p', tone: 'primary' }, stop];
  if (state === 'draining') return [stop, { asks: 'cancel', title: 'End at once…', tone: 'danger' }];
  if (state !== 'running' && !isPaused) return [stop];
  return [
    isPaused ? { asks: 'resume', title: 'Resume…', key: 'p' } : { asks: 'pause', title: 'Pause…', key: 'p' },
    { asks: 'load', title: 'Load…', key: 'u' },
    { asks: 'annotate', title: 'Annotate…', key: 'a' },
    { asks: 'reset', title: 'Reset…' },
    stop,
  ];
}

/** Orders for the run in progress. Each dialog says what will happen. */
export function Controls({ run }: { readonly run: LiveRun }) {
  const [asked, setAsked] = useState<OrderButton['asks'] | undefined>(undefined);
  const status = run.status.value;
  const state = run.view.value?.state ?? status?.state ?? '';
  if (!status || run.connection.value === 'ended') return null;
  const close = (): void => setAsked(undefined);
  return (
    <span class="buttons" role="group" aria-label="Control">
      {buttonsOf(state, status.paused || state === 'paused').map(({ asks, title, key, tone }) => (
        <button
          type="button"
          key={asks}
          class={tone}
          aria-keyshortcuts={key}
          data-key={key}
          onClick={() => setAsked(asks)}
        >
          {title}
        </button>
      ))}
      {asked === 'load' ? (
        <LoadDialog run={run} onClose={close} />
      ) : asked === 'annotate' ? (
        <AnnotateDialog run={run} onClose={close} />
      ) : (
        asked && <Confirm {...questionOf(asked, run.client, status)} onClose={close} />
      )}
    </span>
  );
}
