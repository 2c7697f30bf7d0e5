import { DrumlineError, formatDuration, type Millis } from '@drumline/model';
import type { WorkerOptions } from '../options.js';
import type { Undelivered } from './report-outbox.js';

/** The error when no master has answered within the connect timeout. */
export function neverAnswered(address: string, waitedMs: Millis): DrumlineError {
  return new DrumlineError(
    'master-unreachable',
    `No master answered at ${address} within ${formatDuration(waitedMs)}.`,
    'Start one with `drumline master SCENARIO --bind …`, or check the address and the firewall.',
  );
}

/** The error when the master has not come back in time, or before the worker had to leave. */
export function masterLost(
  address: string,
  silentMs: Millis,
  undelivered: Undelivered | undefined,
): DrumlineError {
  return new DrumlineError(
    'master-lost',
    `The master at ${address} has been silent for ${formatDuration(silentMs)}; the load was stopped.`,
    undelivered
      ? `Not in its report, unless its acknowledgement was lost: ${describe(undelivered)}.`
      : 'All results of this worker had been delivered.',
  );
}

export function describe({ requests, fromSecond, toSecond }: Undelivered): string {
  const [from, to] = [fromSecond, toSecond + 1].map((second) => formatDuration(second * 1_000));
  return `${requests} ${requests === 1 ? 'request' : 'requests'} that ended between ${from} and ${to} of the run`;
}

/** The log line for a load that was stopped because its master is silent. */
export function loadHeld(address: string, silentMs: Millis): string {
  return `The master at ${address} has been silent for ${formatDuration(silentMs)}. The load was stopped.`;
}

/** The log line for a master that no longer answers. */
export function masterSilent(
  address: string,
  hasLoad: boolean,
  { orphanGraceMs, reconnectForMs }: Pick<WorkerOptions, 'orphanGraceMs' | 'reconnectForMs'>,
): string {
  const load = hasLoad ? ` The load continues for ${formatDuration(orphanGraceMs)}.` : '';
  return `The master at ${address} is silent.${load} Retrying for ${formatDuration(reconnectForMs)}.`;
}
