import type { StateTable } from '@drumline/model';

export type StreamState = 'idle' | 'open' | 'halfClosedLocal' | 'halfClosedRemote' | 'closed';
/** `end`: END_STREAM. */
export type StreamEvent = 'open' | 'sendEnd' | 'receiveEnd' | 'reset';

/** RFC 9113, section 5.1, without server push. */
export const STREAM_STATES: StateTable<StreamState, StreamEvent> = {
  idle: { open: 'open' },
  open: { sendEnd: 'halfClosedLocal', receiveEnd: 'halfClosedRemote', reset: 'closed' },
  halfClosedLocal: { receiveEnd: 'closed', reset: 'closed' },
  halfClosedRemote: { sendEnd: 'closed', reset: 'closed' },
  closed: {},
};
