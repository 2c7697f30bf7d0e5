import type { StatusView } from '@drumline/wire';

/**
 * The state in replies to orders and in `state` events. Unlike `StatusView`, which has the field
 * `paused`, they report a paused run as `paused`.
 */
export function shownState({ state, paused }: Pick<StatusView, 'state' | 'paused'>): string {
  return paused && state === 'running' ? 'paused' : state;
}
