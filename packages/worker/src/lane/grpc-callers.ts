import { AsyncLocalStorage } from 'node:async_hooks';
import type { GrpcClient } from '@drumline/drivers/grpc';

/** Someone whose code calls services. */
export interface GrpcCaller {
  /** Opened with the first call. */
  grpcClient(): GrpcClient;
}

/** Knows whose code it is that calls. */
export interface GrpcCallers {
  /** Runs a user's code: what it calls, now and in all that follows from it, is that user's. */
  enter<T>(user: GrpcCaller, code: () => T): T;
  /** Runs the code of `setup` or `teardown`, beside which no user runs. */
  enterPhase<T>(phase: GrpcCaller, code: () => Promise<T>): Promise<T>;
  /** Undefined where nobody's code runs. */
  readonly client: GrpcClient | undefined;
  /** A user is cut off: so is what it shares with others, who are so, too. */
  cut(): void;
}

/** Users of several types, or with channels of their own: whose call it is follows from the asynchronous context. */
export class CallersByContext implements GrpcCallers {
  private readonly callers = new AsyncLocalStorage<GrpcCaller>();

  enter<T>(user: GrpcCaller, code: () => T): T {
    return this.callers.run(user, code);
  }

  enterPhase<T>(phase: GrpcCaller, code: () => Promise<T>): Promise<T> {
    return this.callers.run(phase, code);
  }

  get client(): GrpcClient | undefined {
    return this.callers.getStore()?.grpcClient();
  }

  cut(): void {
    // Each user's own client is cut off with the user.
  }
}

/**
 * Users of one type over shared channels: whose call it is makes no difference to anybody. They share a client, and nothing has to follow
 * the asynchronous context, which makes every promise dearer.
 */
export class CallersAlike implements GrpcCallers {
  private phase: GrpcCaller | undefined;
  private users = false;
  private shared: GrpcClient | undefined;

  constructor(private readonly openShared: () => GrpcClient) {}

  enter<T>(_user: GrpcCaller, code: () => T): T {
    this.users = true;
    return code();
  }

  async enterPhase<T>(phase: GrpcCaller, code: () => Promise<T>): Promise<T> {
    this.phase = phase;
    try {
      return await code();
    } finally {
      this.phase = undefined;
    }
  }

  get client(): GrpcClient | undefined {
    if (this.phase) return this.phase.grpcClient();
    return this.users ? (this.shared ??= this.openShared()) : undefined;
  }

  cut(): void {
    this.users = false;
    this.shared?.interrupt();
    this.shared = undefined;
  }
}
