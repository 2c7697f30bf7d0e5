import type net from 'node:net';
import type { OpenedConnection } from '@drumline/model';
import type { Dialler } from '../dial/dialler.js';
import { SILENT, type Dialling, type DialTarget } from '../dial/transport.js';
import type { EngineRequest } from '../engine/contract.js';
import type { Failure } from '../engine/failure.js';

export const HTTP1: readonly string[] = ['http/1.1'];

/** Exactly one is called, once. None is called after `cancel`. */
export interface RouteCallbacks {
  onOpen(socket: net.Socket, opened: OpenedConnection): void;
  onFailed(failure: Failure): void;
}

/** How requests reach a target: directly or through a proxy. */
export interface Route {
  open(target: DialTarget, timeoutMs: number, callbacks: RouteCallbacks): Dialling;
  /** The request target (RFC 9112, section 3.2) and the headers. */
  address(request: EngineRequest): Pick<EngineRequest, 'path' | 'headers'>;
  /** If the response comes from the proxy, why the request did not reach the target. */
  refusal(status: number): Failure | undefined;
}

export class StraightRoute implements Route {
  constructor(private readonly dialler: Dialler) {}

  open(target: DialTarget, timeoutMs: number, callbacks: RouteCallbacks): Dialling {
    return this.dialler.dial(target, HTTP1, timeoutMs, {
      onOpen(transport) {
        transport.receiver = SILENT;
        callbacks.onOpen(transport.socket, transport.opened);
      },
      onFailed: (failure) => callbacks.onFailed(failure),
    });
  }

  address(request: EngineRequest): EngineRequest {
    return request;
  }

  refusal(): undefined {
    return undefined;
  }
}
