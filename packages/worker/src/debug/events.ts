import type { OpenedConnection, Outcome, Phases, RowUse } from '@drumline/model';
import type { Finding } from '@drumline/wire';

/** A body or message as it was sent or received, decompressed. */
export interface DebugBody {
  /** Length in bytes. */
  readonly bytes: number;
  /** Undefined if it is binary. */
  readonly text?: string | undefined;
  /** Set if it is binary. */
  readonly base64?: string | undefined;
  /** Whether the content is only the beginning. */
  readonly isCut: boolean;
  /** Why there is no content, such as `a stream`. */
  readonly withheld?: string | undefined;
}

/** Names and values in their order. */
export type DebugHeaders = readonly (readonly [name: string, value: string])[];

/** One HTTP request with its response. */
export interface DebugExchange {
  /** Unix time, milliseconds. */
  readonly startedAt: number;
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: DebugHeaders;
  readonly requestBody?: DebugBody | undefined;
  /** `http/1.1`, `h2`, or empty if there was no response. */
  readonly version: string;
  /** 0 if there was no response. */
  readonly status: number;
  readonly statusText: string;
  readonly responseHeaders: DebugHeaders;
  readonly responseBody?: DebugBody | undefined;
  /** Why there is no complete response. */
  readonly failure?: string | undefined;
  readonly durationMs: number;
  readonly phases: Phases;
  readonly opened?: OpenedConnection | undefined;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** One gRPC call. Messages are in their JSON form. */
export interface DebugGrpcCall {
  readonly startedAt: number;
  readonly path: string;
  readonly requestMetadata: DebugHeaders;
  readonly sent: readonly DebugBody[];
  readonly responseMetadata: DebugHeaders;
  readonly received: readonly DebugBody[];
  readonly status: string;
  readonly message: string;
  readonly trailers: DebugHeaders;
}

/** A counted request of any protocol. */
export interface DebugRequest {
  readonly kind: 'request';
  readonly protocol: string;
  readonly method: string;
  readonly name: string;
  readonly tags: readonly (readonly [string, string])[];
  readonly outcome: Outcome;
  readonly failure?: string | undefined;
  /** Details that the failure leaves out. */
  readonly example?: string | undefined;
  readonly durationMs: number;
  readonly phases?: Phases | undefined;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Whether it times parts of requests or groups of them, so that the totals leave it out. */
  readonly timesParts: boolean;
  /** For HTTP: one, or several with redirects and authentication. */
  readonly exchanges: readonly DebugExchange[];
  readonly grpc?: DebugGrpcCall | undefined;
}

/** What a tried scenario does, in the order in which it happens. */
export type DebugEvent =
  /** A task begins, or `onStart`, `onStop`, `setup` or `teardown`. */
  | {
      readonly kind: 'began';
      /** Empty for `setup` and `teardown`. */
      readonly user: string;
      readonly task: string;
      /** Number of the iteration, from 1; only of tasks. */
      readonly iteration?: number | undefined;
    }
  | DebugRequest
  /** A response stream has ended after its request was counted. */
  | { readonly kind: 'streamEnded'; readonly exchange: DebugExchange }
  | {
      readonly kind: 'message';
      readonly direction: 'sent' | 'received';
      readonly connection: string;
      readonly body: DebugBody;
    }
  | {
      readonly kind: 'check';
      readonly name: string;
      readonly passed: boolean;
      /** What was checked. Set if the check failed. */
      readonly value?: string | undefined;
    }
  /** A user has taken or borrowed a row of test data. */
  | { readonly kind: 'row'; readonly use: RowUse; readonly table: string; readonly row: string }
  | { readonly kind: 'metric'; readonly type: string; readonly name: string; readonly value: string }
  | {
      readonly kind: 'exception';
      readonly user: string;
      readonly task: string;
      readonly message: string;
      readonly stack: string;
    }
  /** A request that was counted as passed was marked as failed. */
  | { readonly kind: 'lateFailure'; readonly request: string; readonly reason: string }
  | { readonly kind: 'finding'; readonly finding: Finding }
  | { readonly kind: 'stopRun'; readonly user: string; readonly task: string; readonly reason: string };
