import { optionKeys } from '@drumline/model';
import type { BatchOptions, CallOptions, StreamOptions } from './options.js';

const SHARED = { name: true, tags: true, metadata: true, deadline: true, expect: true } as const;

/** Options of any call. A call with one reply takes the same ones as a stream. */
export const CALL_KEYS = optionKeys<CallOptions & StreamOptions>(SHARED);

export const BATCH_KEYS = optionKeys<BatchOptions<unknown, unknown>>({
  ...SHARED,
  size: true,
  concurrency: true,
  request: true,
});
