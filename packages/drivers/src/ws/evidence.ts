import type { IncomingMessage } from 'node:http';
import type { FailureEvidence } from '@drumline/model';
import { evidenceText, headerPairs, printed } from '../calls/evidence-text.js';
import type { CarefulTest } from './matching.js';
import type { WsMessage } from './message.js';

/** A handshake as it was sent. */
interface SentHandshake {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly protocols: readonly string[];
}

/**
 * A handshake that failed, and its response if there was one, as text without credentials.
 * @param body its start, of a response that refused the handshake
 */
export function handshakeEvidence(
  { url, headers, protocols }: SentHandshake,
  head: IncomingMessage | undefined,
  body: Uint8Array | undefined,
): FailureEvidence {
  const offered = protocols.length > 0 ? [['sec-websocket-protocol', protocols.join(', ')] as const] : [];
  const pairs = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as const),
  );
  const request = evidenceText(`CONNECT ${url.href}`, [...pairs, ...offered]);
  if (head === undefined) return { request };
  const firstLine = `http/${head.httpVersion} ${head.statusCode} ${head.statusMessage}`.trim();
  return { request, response: evidenceText(firstLine, headerPairs(head.rawHeaders), printed(body ?? '')) };
}

/** A wait that failed. */
export interface FailedWait {
  readonly method: string;
  readonly url: string;
  /** The message of a `request`. */
  readonly sent?: string | Uint8Array | undefined;
  /** The test that no message has passed. */
  readonly test?: CarefulTest | undefined;
  readonly closeCode: number | undefined;
  readonly closeReason: string;
}

/** What was sent, the last message that did not match, and how the connection has ended. */
export function waitEvidence({
  method,
  url,
  sent,
  test,
  closeCode,
  closeReason,
}: FailedWait): FailureEvidence {
  const request = evidenceText(`${method} ${url}`, [], sent === undefined ? '' : printed(sent));
  const lines: string[] = [];
  if (test?.lastRefused !== undefined) {
    const { refused, lastRefused } = test;
    lines.push(
      refused === 1 ? '1 message did not match' : `${refused} messages did not match; the last`,
      '',
      shown(lastRefused),
    );
  }
  if (closeCode !== undefined) {
    const reason = closeReason === '' ? '' : `: ${closeReason}`;
    lines.unshift(`the connection was closed with code ${closeCode}${reason}`);
  }
  return lines.length === 0 ? { request } : { request, response: lines.join('\n') };
}

function shown(message: WsMessage): string {
  return message.bytes().length === 0 ? '(an empty message)' : printed(message.bytes());
}
