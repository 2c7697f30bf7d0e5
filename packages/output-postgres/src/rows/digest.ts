import { createHash } from 'node:crypto';

/** Identifies a series, a check or a metric. Indexes limit the length of texts, but not of this. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
