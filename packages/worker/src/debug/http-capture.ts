import type {
  EngineRequest,
  ExchangeCounts,
  ExchangeHandler,
  ExchangeResult,
  ResponseHead,
} from '@drumline/drivers';
import { phasesOf } from '@drumline/drivers';
import { bodyOf, MAX_BODY_BYTES, pairsOf, responseBodyOf, withheldBody } from './bodies.js';
import type { DebugBody, DebugExchange, DebugHeaders } from './events.js';

/** Captures one request as it was sent, and its response. */
export class HttpCapture implements ExchangeHandler {
  /** Called when the exchange has ended. */
  onEnded: (() => void) | undefined;
  private head: ResponseHead | undefined;
  private counts: ExchangeCounts | undefined;
  private result: ExchangeResult | undefined;
  /** The body of a response that is not kept by the engine. */
  private readonly pieces: Uint8Array[] = [];
  private pieceBytes = 0;

  /** @param toUnixMs converts times of the lane's clock */
  constructor(
    private readonly request: EngineRequest,
    private readonly toUnixMs: (atMs: number) => number,
    private readonly now: () => number,
  ) {}

  onHead(head: ResponseHead, soFar: ExchangeCounts): void {
    this.head = head;
    this.counts = soFar;
  }

  onData(bytes: Uint8Array): void {
    if (this.pieceBytes < MAX_BODY_BYTES) this.pieces.push(Uint8Array.prototype.slice.call(bytes));
    this.pieceBytes += bytes.length;
  }

  onEnd(result: ExchangeResult): void {
    this.result = result;
    this.counts = result;
    if (result.kind === 'response') this.head = result;
    this.onEnded?.();
  }

  /** Whether the response has begun and not ended. */
  get isOpen(): boolean {
    return this.head !== undefined && this.result === undefined;
  }

  /** The exchange so far. Call it once the response has begun, or the exchange has ended. */
  exchange(): DebugExchange {
    const { request, head, result } = this;
    const { timing, bytesSent, bytesReceived } = this.counts!;
    const endedAtMs = result === undefined ? this.now() : timing.endedAtMs;
    return {
      startedAt: this.toUnixMs(timing.startedAtMs),
      method: request.method,
      url: request.origin + request.path,
      requestHeaders: this.requestHeaders(),
      requestBody: requestBodyOf(request),
      version: head?.version ?? '',
      status: head?.status ?? 0,
      statusText: head?.statusText ?? '',
      responseHeaders: pairsOf(head?.rawHeaders ?? []),
      responseBody: this.responseBody(),
      failure: result?.kind === 'failed' ? result.failure.message : undefined,
      durationMs: endedAtMs - timing.startedAtMs,
      phases: phasesOf(timing, endedAtMs),
      opened: timing.opened,
      bytesSent,
      bytesReceived,
    };
  }

  /** Includes the headers that every engine adds. */
  private requestHeaders(): DebugHeaders {
    const { headers, origin, body } = this.request;
    const given = pairsOf(headers);
    const has = (name: string): boolean => given.some(([one]) => one.toLowerCase() === name);
    const length = body instanceof Uint8Array ? body.length : body?.lengthBytes;
    return [
      ...(has('host') ? [] : [['host', new URL(origin).host] as const]),
      ...given,
      ...(length === undefined ? [] : [['content-length', String(length)] as const]),
    ];
  }

  private responseBody(): DebugBody | undefined {
    const { result, head } = this;
    const coding = head?.header('content-encoding');
    if (this.pieceBytes > 0) return responseBodyOf(Buffer.concat(this.pieces), this.pieceBytes, coding);
    return result?.kind === 'response' ? responseBodyOf(result.body, result.bodyBytes, coding) : undefined;
  }
}

function requestBodyOf({ body }: EngineRequest): DebugBody | undefined {
  if (body === undefined) return undefined;
  if (body instanceof Uint8Array) return bodyOf(body);
  return withheldBody(body.lengthBytes ?? 0, 'generated while it is sent');
}
