import { useState } from 'preact/hooks';
import { announce } from '../../parts/announcer.js';
import { Dialog } from '../../parts/dialog.js';
import { messageOf } from '../../parts/message-of.js';
import type { LiveRun } from '../../run/live-run.js';
import { Problem } from '../../parts/problem.js';

interface DialogProps {
  readonly run: LiveRun;
  readonly onClose: () => void;
}

/** Adds a remark to the run, at this moment. */
export function AnnotateDialog({ run, onClose }: DialogProps) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    try {
      await run.client.annotate(text);
      onClose();
      announce('The remark was added.');
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
        <Problem>{problem}</Problem>
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
