import type { WebSocket } from 'ws';

let loading: Promise<typeof WebSocket> | undefined;

/**
 * Loads the library for the first connection, because loading it is the slowest step in the start
 * of a lane.
 */
export function loadWebSocket(): Promise<typeof WebSocket> {
  return (loading ??= import('ws').then((library) => library.WebSocket));
}
