import { HttpDriver, WsDriver, type HttpSettings } from '@drumline/drivers';
import type { Sample, SeriesKey } from '@drumline/model';
import type { Recorder } from '@drumline/stats';
import { monotonicMs } from '@drumline/wire/monotonic';
import type { Findings } from '../findings.js';
import type { LoadBundleOrder } from '../lane-protocol.js';
import type { LaneGrpc } from './grpc.js';
import type { LaneObserver } from './observer.js';
import type { Drivers } from './user-clients.js';

/** What the drivers of a lane share. */
export interface DriverParts {
  readonly order: LoadBundleOrder;
  readonly recorder: Recorder;
  readonly findings: Findings;
  /** Undefined if the scenario has no gRPC service. */
  readonly grpc: LaneGrpc | undefined;
  readonly onSample: (sample: Sample) => void;
  readonly observer: LaneObserver | undefined;
}

/** Opens the drivers for users with these settings. */
export async function openDrivers(
  settings: HttpSettings,
  { order, recorder, findings, grpc, onSample, observer }: DriverParts,
): Promise<Drivers> {
  const options = {
    ...settings,
    drumlineVersion: order.version,
    target: order.plan.target,
    now: monotonicMs,
    onSample,
    onLateFailure: (series: SeriesKey, reason: string) => {
      recorder.fail(series, reason, monotonicMs());
      observer?.lateFailure(series, reason);
    },
    onResend: (series: SeriesKey, bytesSent: number) => recorder.resent(series, bytesSent, monotonicMs()),
    onOddity: ({ method, name }: SeriesKey, oddity: string) =>
      findings.add({ kind: 'odd-responses', subject: `${oddity} (${method} ${name})`, count: 1 }),
    onTransfer: (series: SeriesKey, sent: number, received: number) =>
      recorder.transferred(series, sent, received, monotonicMs()),
  };
  return {
    http: await HttpDriver.open({ ...options, ...(observer && { onExchange: observer.exchange }) }),
    ws: new WsDriver({
      ...options,
      onMessage: (direction, ...message) => {
        recorder.counter(`ws messages ${direction}`, 1, monotonicMs());
        observer?.wsMessage(direction, ...message);
      },
    }),
    grpc: await grpc?.openDriver({ ...options, ...(observer && { onCall: observer.grpcCall }) }),
  };
}
