import { useEffect, useState } from 'preact/hooks';
import { messageOf } from './message-of.js';

/** What was read, and why it could not be read. */
export interface Polled<T> {
  readonly value: T | undefined;
  readonly error: string | undefined;
}

/**
 * Reads something now and every few seconds. A page in the background does not read, and a slow
 * answer is never asked for twice.
 * @param everyMs 0 reads once @param keys what is read anew when it changes
 */
export function usePolled<T>(read: () => Promise<T>, everyMs: number, keys: readonly unknown[]): Polled<T> {
  const [polled, setPolled] = useState<Polled<T>>({ value: undefined, error: undefined });
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = async (): Promise<void> => {
      if (!document.hidden)
        try {
          const value = await read();
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
  return polled;
}
