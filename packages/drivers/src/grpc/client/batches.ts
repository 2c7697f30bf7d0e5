import type { Sample, SeriesKey } from '@drumline/model';
import { isInterrupted } from '../../calls/interrupted.js';
import type { BatchOptions } from './options.js';
import type { GrpcReply } from './types.js';

export interface BatchContext<Message, Response> {
  readonly call: (message: Message) => Promise<GrpcReply<Response>>;
  /** The series of all batches together. */
  readonly series: SeriesKey;
  readonly now: () => number;
  readonly onSample: (sample: Sample) => void;
}

/**
 * Calls once for each batch, with `concurrency` calls at a time, and records all of them as one
 * sample.
 * @returns the replies in the order of the batches
 * @throws what `request` or a call throws, after the calls in progress have ended; the sample is
 * then counted only if the user was stopped
 */
export async function callInBatches<Item, Message, Response>(
  items: readonly Item[],
  { size, concurrency = 1, request }: BatchOptions<Item, Message, Response>,
  { call, series, now, onSample }: BatchContext<Message, Response>,
): Promise<GrpcReply<Response>[]> {
  checkCount('size', size);
  checkCount('concurrency', concurrency);
  const count = Math.ceil(items.length / size);
  if (count === 0) return [];
  const replies: GrpcReply<Response>[] = [];
  const startedAtMs = now();
  let next = 0;
  const callNext = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      try {
        replies[index] = await call(request(items.slice(index * size, (index + 1) * size), index));
      } catch (error) {
        next = count;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(concurrency, count) }, callNext));
  const thrown = ends.find((end) => end.status === 'rejected');
  if (thrown !== undefined && !isInterrupted(thrown.reason)) throw thrown.reason;
  const failure = thrown === undefined ? replies.find((reply) => reply.failed)?.failure : undefined;
  const endedAtMs = now();
  onSample({
    series,
    outcome: thrown !== undefined ? 'interrupted' : failure === undefined ? 'passed' : 'failed',
    failure,
    endedAtMs,
    durationUs: Math.round((endedAtMs - startedAtMs) * 1_000),
    // The bytes are counted by the batches.
    bytesSent: 0,
    bytesReceived: 0,
  });
  if (thrown !== undefined) throw thrown.reason;
  return replies;
}

function checkCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new RangeError(`batches: ${name} must be a whole number of at least 1, not ${String(value)}`);
}
