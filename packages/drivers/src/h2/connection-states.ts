import type { StateTable } from '@drumline/model';

export type ConnectionState = 'open' | 'retired' | 'closed';
export type ConnectionEvent = 'retire' | 'close';

/** A retired connection accepts no more streams. Open ones continue. */
export const CONNECTION_STATES: StateTable<ConnectionState, ConnectionEvent> = {
  open: { retire: 'retired', close: 'closed' },
  retired: { close: 'closed' },
  closed: {},
};
