import { signal } from '@preact/signals';

const SHOWN_MS = 6_000;

const message = signal<{ readonly text: string; readonly kind: 'done' | 'problem' } | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a sentence for some seconds, and has it read out. */
export function announce(text: string, kind: 'done' | 'problem' = 'done'): void {
  message.value = { text, kind };
  clearTimeout(timer);
  timer = setTimeout(() => (message.value = undefined), SHOWN_MS);
}

export function Announcer() {
  return (
    <div class="announcer" role="status" aria-live="polite">
      {message.value && <p class={message.value.kind}>{message.value.text}</p>}
    </div>
  );
}
