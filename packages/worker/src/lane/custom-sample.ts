import { sortTags, STEP_PROTOCOL, type Millis, type Outcome, type Sample } from '@drumline/model';
import type { CustomSample, RequestName } from '@drumline/scenario';

/** Converts a measurement of user code to a sample. @throws TypeError for an invalid number */
export function sampleOf(
  {
    protocol,
    method = '',
    name,
    tags = {},
    durationMs,
    failure,
    bytesSent = 0,
    bytesReceived = 0,
  }: CustomSample,
  outcome: Outcome,
  owner: { readonly type: string; readonly tags: Readonly<Record<string, string>> },
  endedAtMs: Millis,
): Sample {
  return {
    series: { protocol, method, name, user: owner.type, tags: sortTags({ ...owner.tags, ...tags }) },
    outcome,
    ...(failure === undefined ? {} : { failure }),
    endedAtMs,
    durationUs: Math.round(durationOf(durationMs) * 1_000),
    bytesSent: countOfBytes('bytesSent', bytesSent),
    bytesReceived: countOfBytes('bytesReceived', bytesReceived),
  };
}

/** @throws TypeError for the protocol whose rows are not in the totals */
export function refuseReserved(call: string, { protocol }: RequestName): void {
  if (protocol === STEP_PROTOCOL)
    throw new TypeError(
      `${call}: protocol '${STEP_PROTOCOL}' is reserved for step(name, work); choose another one`,
    );
}

/** @throws TypeError unless protocol and name are non-empty strings */
export function requireNames(call: string, what: RequestName): void {
  for (const field of ['protocol', 'name'] as const) {
    const given: unknown = what[field];
    if (typeof given === 'string' && given !== '') continue;
    throw new TypeError(`${call}: ${field} is ${JSON.stringify(given)}, and must be a string`);
  }
}

function durationOf(durationMs: number): Millis {
  if (Number.isFinite(durationMs) && durationMs >= 0) return durationMs;
  throw new TypeError(`record: durationMs is ${String(durationMs)}, and must be a number of at least 0`);
}

function countOfBytes(field: string, bytes: number): number {
  if (Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  throw new TypeError(`record: ${field} is ${bytes}, and must be a whole number of at least 0`);
}
