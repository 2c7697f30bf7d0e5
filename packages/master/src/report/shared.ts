import { NamedValues, type SharedEntry } from '@drumline/model';
import type { SharedResult } from '@drumline/wire';

/** The values that a scenario shared by name; undefined if there are none. */
export function sharedResultOf({ handlers }: NamedValues): SharedResult | undefined {
  const counters = Object.fromEntries(handlers.counter.all);
  const queues = Object.fromEntries(handlers.queue.lengths);
  const maps = Object.fromEntries(handlers.map.sizes);
  const all = { counters, queues, maps };
  return Object.values(all).some((values) => Object.keys(values).length > 0) ? all : undefined;
}

/** The same for a stored run. @param entries the state that lanes shared */
export function storedSharedResult(entries: readonly SharedEntry[]): SharedResult | undefined {
  const named = new NamedValues();
  for (const [entry, value] of entries) {
    const at = entry.indexOf('/');
    const [kind, key] = [entry.slice(0, at), entry.slice(at + 1)];
    if (Object.hasOwn(named.handlers, kind))
      named.handlers[kind as keyof NamedValues['handlers']].restore(key, value);
  }
  return sharedResultOf(named);
}
