import type { Phases } from '@drumline/model';
import type { ExchangeTiming } from './contract.js';

/** Where the time of an exchange or call went, if it ended at `endedAtMs`. Steps that were not reached took no time. */
export function phasesOf(timing: ExchangeTiming, endedAtMs: number): Phases {
  const { startedAtMs, opened } = timing;
  const sentAtMs = timing.sentAtMs ?? endedAtMs;
  // A connection that was opened ahead of it took none of its time.
  const connectMs =
    opened === undefined
      ? 0
      : Math.min(opened.dnsMs + opened.tcpMs + opened.tlsMs, Math.max(0, sentAtMs - startedAtMs));
  const sendEndedAtMs = timing.sendEndedAtMs ?? endedAtMs;
  const firstByteAtMs = timing.firstByteAtMs ?? endedAtMs;
  return {
    queuedMs: Math.max(0, sentAtMs - startedAtMs - connectMs),
    connectMs,
    sendMs: sendEndedAtMs - sentAtMs,
    waitMs: Math.max(0, firstByteAtMs - sendEndedAtMs),
    receiveMs: endedAtMs - firstByteAtMs,
  };
}
