import { useEffect, useMemo, useState } from 'preact/hooks';
import { messageOf } from './message-of.js';

/** What was read, and why it could not be read. */
export interface Polled<T> {
  readonly value: T | undefined;
  readonly error: string | undefined;
}

/**
 * Reads something now and every few seconds. A page in the background does not read, and a slow
 * answer is never asked for twice. A value that needs no waiting is there with the first drawing.
 * @param everyMs 0 reads once @param keys what is read anew when it changes
 */
export function usePolled<T>(
  read: () => T | Promise<T>,
  everyMs: number,
  keys: readonly unknown[],
): Polled<T> {
  const [polled, setPolled] = useState<Polled<T>>({ value: undefined, error: undefined });
  const once = useMemo(() => (everyMs === 0 ? readOnce(read) : undefined), keys);
  useEffect(() => {
    if (once?.now) return;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = async (): Promise<void> => {
      if (once || !document.hidden)
        try {
          const value = await (once?.later ?? read());
          if (!isOver) setPolled({ value, error: undefined });
        } catch (error) {
          const message = messageOf(error);
          if (!isOver) setPolled(({ value }) => ({ value, error: message }));
        }
      if (!isOver && everyMs > 0) timer = setTimeout(() => void next(), everyMs);
    };
    void next();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, keys);
  return once?.now ?? polled;
}

interface Once<T> {
  /** What needed no waiting. */
  readonly now?: Polled<T>;
  readonly later?: Promise<T>;
}

function readOnce<T>(read: () => T | Promise<T>): Once<T> {
  try {
    const answer = read();
    return answer instanceof Promise ? { later: answer } : { now: { value: answer, error: undefined } };
  } catch (error) {
    return { now: { value: undefined, error: messageOf(error) } };
  }
}
