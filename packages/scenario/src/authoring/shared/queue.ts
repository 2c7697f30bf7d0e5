import {
  optionKeys,
  parseDuration,
  queueKey,
  requireKnownKeys,
  type Duration,
  type QueueAnswer,
} from '@drumline/model';
import { requireShared } from '../../runtime/shared.js';
import { accepted, jsonOf, requireName } from './shared-text.js';

/** Options of `pop`. */
export interface PopOptions {
  /** How long to wait for a value if the queue is empty. Default: not at all. */
  readonly wait?: Duration;
}

/** A queue that all users share: first in, first out. */
export interface SharedQueue<T> {
  /** The name of the queue. */
  readonly name: string;
  /**
   * Adds a value to the end.
   *
   * @throws TypeError if the value is not plain data
   * @throws RangeError if the value or the queue is too large
   */
  push(value: T): Promise<void>;
  /**
   * Takes the first value. Nobody else gets it. `undefined` if the queue is empty, after the wait.
   *
   * @throws RangeError if the duration is invalid
   * @throws TypeError if an option is unknown
   */
  pop(options?: PopOptions): Promise<T | undefined>;
  /** The number of values in the queue. */
  length(): Promise<number>;
}

const KEYS = optionKeys<PopOptions>({ wait: true });
/** What a lane is told may be lost, so it asks again after this time. */
const ASK_AGAIN_MS = 1_000;

/** See `shared.queue`. */
export function sharedQueue<T>(name: string): SharedQueue<T> {
  requireName('queue', name);
  const ask = async (op: { do: 'push' | 'pop' | 'length'; json?: string; waits?: boolean }) =>
    accepted('queue', name, await requireShared().ask<QueueAnswer>({ kind: 'queue', name, ...op }));
  return {
    name,
    push: async (value) => void (await ask({ do: 'push', json: jsonOf('queue', name, value) })),
    length: async () => (await ask({ do: 'length' })).length,
    pop: async (options = {}) => {
      requireKnownKeys(options, KEYS, 'pop');
      const untilMs = performance.now() + parseDuration(options.wait ?? 0);
      for (;;) {
        const leftMs = untilMs - performance.now();
        // The listener comes first: the news may overtake the answer.
        const news = leftMs > 0 ? newsOf(name) : undefined;
        const { json } = await ask({ do: 'pop', ...(news && { waits: true }) });
        if (json !== undefined) {
          news?.forget();
          return JSON.parse(json) as T;
        }
        if (news === undefined) return undefined;
        await news.within(Math.min(leftMs, ASK_AGAIN_MS));
      }
    },
  };
}

/** Those in this lane that wait for values, by queue. */
const waiting = new Map<string, Set<() => void>>();

/** What a user hears of a queue from now on. */
interface News {
  /** Resolves when the queue may have got a value, at the latest after a time. */
  within(ms: number): Promise<void>;
  forget(): void;
}

function newsOf(name: string): News {
  const listeners = listenersOf(name);
  let hasCome = false;
  let settle = (): void => {};
  const listener = (): void => {
    hasCome = true;
    settle();
  };
  listeners.add(listener);
  const forget = (): void => void listeners.delete(listener);
  return {
    forget,
    within: async (ms) => {
      if (!hasCome)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          settle = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      forget();
    },
  };
}

function listenersOf(name: string): Set<() => void> {
  const known = waiting.get(name);
  if (known !== undefined) return known;
  const listeners = new Set<() => void>();
  waiting.set(name, listeners);
  requireShared().onWake(queueKey(name), () => {
    for (const listener of listeners) listener();
  });
  return listeners;
}
