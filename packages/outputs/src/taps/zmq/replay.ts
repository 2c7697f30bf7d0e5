import { jsonOf } from '../records/encoded-record.js';
import type { RecordRing } from '../records/record-ring.js';
import { readRequest } from '../reader-request.js';

/** The most bytes of an answer. A reader asks again for what follows. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * The frames that answer a request of earlier records: first `{run, newest}`, then records as many
 * as fit.
 */
export function answerTo(request: Buffer | undefined, run: string, records: RecordRing): (string | Buffer)[] {
  const read = readRequest(request?.toString('utf8') ?? '');
  if ('problem' in read) return [JSON.stringify({ type: 'problem', message: read.problem })];
  const { types } = read;
  const isOther = read.run !== undefined && read.run !== run;
  let after = isOther ? 0 : (read.after ?? 0);
  const frames: (string | Buffer)[] = [JSON.stringify({ run, newest: records.newest })];
  for (let bytes = 0; bytes < MAX_ANSWER_BYTES;) {
    const next = records.after(after);
    if (!next) break;
    after = next.seq;
    if (types && !types.includes(next.type)) continue;
    frames.push(jsonOf(next));
    bytes += next.line.length;
  }
  return frames;
}
