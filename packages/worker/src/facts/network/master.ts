import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { narrowOffset, type Millis, type TargetFacts, type WorkerPortKind } from '@drumline/model';
import { askMechanism } from '@drumline/wire';
import { LIMIT_MS, reach } from './connect.js';

/** The worker port of a master, as a worker sees it. */
export interface WorkerPortFacts extends TargetFacts {
  readonly kind: WorkerPortKind;
}

/** @param address `tcp://HOST:PORT` */
export async function examineWorkerPort(address: string): Promise<WorkerPortFacts> {
  const [, host = '', port = ''] = /^tcp:\/\/\[?(.+?)\]?:(\d+)$/.exec(address) ?? [];
  const place = { host, port: Number(port) };
  const reached = await reach(place);
  const isReached = reached.addresses.some(({ problem }) => problem === undefined);
  const mechanism = isReached ? await askMechanism(address, LIMIT_MS) : undefined;
  const kind = mechanism === 'CURVE' || mechanism === 'NULL' ? mechanism : undefined;
  return { ...place, ...reached, kind };
}

/** Answers that are compared. Their times are spread over a second, in which the clock ticks. */
const ANSWERS = 8;
const BETWEEN_MS = 130;

/**
 * How far the wall clock of this machine is behind that of the control API. The header `date` has
 * whole seconds, so several answers are compared.
 * @returns undefined if the API does not answer
 */
export async function clockOffset(
  api: string,
): Promise<{ readonly leastMs: Millis; readonly mostMs: Millis } | undefined> {
  let offset: ReturnType<typeof narrowOffset> | undefined;
  for (let i = 0; i < ANSWERS; i++) {
    if (i > 0) await sleep(BETWEEN_MS);
    const sentAtMs = Date.now();
    const date = await dateOf(api);
    if (date === undefined) return undefined;
    offset = narrowOffset(offset, date, sentAtMs, Date.now());
  }
  return offset;
}

/** The time in an answer, even if it refuses the request. */
function dateOf(api: string): Promise<number | undefined> {
  const isSecure = api.startsWith('https:');
  return new Promise((resolve) => {
    const request = (isSecure ? getSecure : getPlain)(
      `${api}/v1/health`,
      // Only the time is read, so no certificate is needed.
      { agent: false, timeout: LIMIT_MS, ...(isSecure && { rejectUnauthorized: false }) },
      (response) => {
        response.resume();
        const atMs = Date.parse(response.headers.date ?? '');
        resolve(Number.isFinite(atMs) ? atMs : undefined);
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
  });
}
