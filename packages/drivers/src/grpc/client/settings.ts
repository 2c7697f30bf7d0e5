import { parseDuration } from '@drumline/model';
import { networkOptions, type HttpSettings } from '../../settings/http-settings.js';
import type { GrpcEngineOptions } from '../contract.js';
import type { ServiceOptions } from './options.js';
import { originOf } from './target.js';

/** The settings of a lane that gRPC shares. */
type SharedSettings = Pick<
  HttpSettings,
  'tls' | 'connectTimeout' | 'dns' | 'hosts' | 'localAddresses' | 'tracing'
>;

/** The lane's defaults for services. */
export interface LaneDefaults extends SharedSettings {
  /** The plan's target. */
  readonly target?: string | undefined;
}

export const DEFAULT_DEADLINE = '30s';
const DEFAULT_KEEP_ALIVE_TIMEOUT = '20s';

/**
 * @throws TypeError if there is no target, or it is invalid
 * @throws RangeError if a duration is invalid
 */
export function engineOptions(service: ServiceOptions, lane: LaneDefaults): Omit<GrpcEngineOptions, 'now'> {
  const { channels, maxStreams, authority, maxReceiveBytes, maxSendBytes, compression, keepAlive } = service;
  const tls = service.tls ?? lane.tls;
  const connectTimeout = service.connectTimeout ?? lane.connectTimeout;
  return {
    origin: originOf(targetOf(service, lane), service.tls !== undefined),
    network: networkOptions(lane),
    ...(tls !== undefined && { tls }),
    ...(channels !== undefined && { channels }),
    ...(maxStreams !== undefined && { maxStreams }),
    ...(authority !== undefined && { authority }),
    ...(connectTimeout !== undefined && { connectTimeoutMs: parseDuration(connectTimeout) }),
    ...(maxReceiveBytes !== undefined && { maxReceiveBytes }),
    ...(maxSendBytes !== undefined && { maxSendBytes }),
    ...(compression !== undefined && { compression }),
    ...(keepAlive !== undefined && {
      keepAlive: {
        everyMs: parseDuration(keepAlive.every),
        timeoutMs: parseDuration(keepAlive.timeout ?? DEFAULT_KEEP_ALIVE_TIMEOUT),
      },
    }),
  };
}

function targetOf({ target }: ServiceOptions, lane: LaneDefaults): string {
  const known = target ?? lane.target;
  if (known !== undefined) return known;
  throw new TypeError(
    "there is no target: set it in service(…, { target: 'bank.example:443' }) or scenario({ target: '…' }), or pass --target",
  );
}
