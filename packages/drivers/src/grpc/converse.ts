import type { GrpcEnd, GrpcSession, RawMetadata } from './contract.js';

export interface Conversation {
  /** `/bank.Accounts/GetBalances` */
  readonly path: string;
  /** Sent one after the other, with back-pressure. Then the sending side is closed. */
  readonly messages: readonly Uint8Array[];
  readonly metadata?: RawMetadata;
  /** Milliseconds; 0: none. */
  readonly deadlineMs: number;
  readonly onHeaders?: (metadata: RawMetadata) => void;
  /** The bytes are valid only during the call. */
  readonly onMessage: (bytes: Uint8Array) => void;
}

/**
 * Makes one call of any kind whose messages are all known beforehand: for tools, not for load.
 * @returns how it ended
 */
export function converse(
  session: GrpcSession,
  { messages, onHeaders, onMessage, ...call }: Conversation,
): Promise<GrpcEnd> {
  return new Promise((resolve) => {
    const started = session.start(
      { path: call.path, deadlineMs: call.deadlineMs, metadata: call.metadata ?? [] },
      { ...(onHeaders && { onHeaders }), onMessage, onEnd: resolve },
    );
    for (const message of messages) started.send(message);
    started.endSend();
  });
}
