import { AsyncLocalStorage } from 'node:async_hooks';
import type { GrpcClient } from '@drumline/drivers/grpc';
import type { Load } from '@drumline/model';

/** A user whose code calls services. */
export interface GrpcCaller {
  /** The client of this user. It is opened by its first call. */
  grpcClient(): GrpcClient;
}

/** Tracks which user's code makes a call. */
export interface GrpcCallers {
  /** Runs code of a user. All calls that follow from it belong to that user. */
  enter<T>(user: GrpcCaller, code: () => T): T;
  /** Runs the code of `setup` or `teardown`, while no user runs. */
  enterPhase<T>(phase: GrpcCaller, code: () => Promise<T>): Promise<T>;
  /** Undefined outside of user code. */
  readonly client: GrpcClient | undefined;
  /** Cuts off what the users share, because all of them are cut off. */
  cut(): void;
}

/**
 * Tracks callers through the asynchronous context. For several user types, or channels per user.
 */
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
    // The client of each user is cut off with the user.
  }
}

/**
 * One client for all users. For users of one type over shared channels, where the caller makes no
 * difference. Avoids tracking the asynchronous context, which slows down every promise.
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

/** Whether calls of all users of a type are counted alike: the load has no phases. */
export function usersAreAlike({ parts }: Load): boolean {
  return parts.every(({ phase }) => phase === '');
}
