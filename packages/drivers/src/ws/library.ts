import type { WebSocket } from 'ws';

let loading: Promise<typeof WebSocket> | undefined;

/**
 * The library, from the first connection on: loading it takes longer than all else at the start of
 * a lane.
 */
export function loadWebSocket(): Promise<typeof WebSocket> {
  return (loading ??= import('ws').then((library) => library.WebSocket));
}
