import type { StateTable } from '@drumline/model';

export type ConnectionState = 'open' | 'retired' | 'closed';
export type ConnectionEvent = 'retire' | 'close';

/** A connection that is retired takes no more streams; those that are open go on. */
export const CONNECTION_STATES: StateTable<ConnectionState, ConnectionEvent> = {
  open: { retire: 'retired', close: 'closed' },
  retired: { close: 'closed' },
  closed: {},
};
