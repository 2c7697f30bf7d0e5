import { DrumlineError, formatDuration, type Millis } from '@drumline/model';
import type { Undelivered } from './report-outbox.js';

/** No master has answered in the time that the worker had. */
export function neverAnswered(address: string, waitedMs: Millis): DrumlineError {
  return new DrumlineError(
    'master-unreachable',
    `No master answers at ${address} after ${formatDuration(waitedMs)}.`,
    'Start one with `drumline master SCENARIO --bind …`, or check the address and the firewall.',
  );
}

/** The master has not come back in the time that the worker had, or before the worker was told to leave. */
export function masterLost(
  address: string,
  silentMs: Millis,
  undelivered: Undelivered | undefined,
): DrumlineError {
  return new DrumlineError(
    'master-lost',
    `The master at ${address} has been silent for ${formatDuration(silentMs)}; the load was stopped.`,
    undelivered
      ? `Not in its report, unless its answer was lost on the way: ${describe(undelivered)}.`
      : 'Everything that this worker had counted was delivered before.',
  );
}

/** `1234 requests that ended between 1m2s and 1m35s of the run`. */
export function describe({ requests, fromSecond, toSecond }: Undelivered): string {
  const [from, to] = [fromSecond, toSecond + 1].map((second) => formatDuration(second * 1_000));
  return `${requests} ${requests === 1 ? 'request' : 'requests'} that ended between ${from} and ${to} of the run`;
}
