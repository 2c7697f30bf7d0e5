import type { MasterClient } from '@drumline/client';
import { usePolled } from '../parts/poll.js';
import { CURRENT_RUN } from '../route-text.js';

const EVERY_MS = 5_000;

interface Props {
  readonly master: MasterClient;
  /** Id of the run that the page shows. */
  readonly shown: string;
  readonly onShow: () => void;
}

/** Offers the run in progress, once it is another one than the page shows. */
export function NewerRun({ master, shown, onShow }: Props) {
  const { value } = usePolled(() => master.run(CURRENT_RUN).view(), EVERY_MS, [master]);
  if (value === undefined || value.runId === shown) return null;
  return (
    <p class="newer" role="status">
      {value.scenario} <code>{value.runId.slice(0, 8)}</code> is the current run now.{' '}
      <button type="button" onClick={onShow}>
        Show it
      </button>
    </p>
  );
}
