import { useState } from 'preact/hooks';
import { announce } from './announcer.js';
import { Dialog } from './dialog.js';
import { messageOf } from './message-of.js';
import { Problem } from './problem.js';

export interface ConfirmProps {
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
      const answer = await act();
      onClose();
      announce(answer);
    } catch (error) {
      setProblem(messageOf(error));
      setSending(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      <Problem>{problem}</Problem>
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
