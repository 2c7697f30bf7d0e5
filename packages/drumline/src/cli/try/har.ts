import type { Phases } from '@drumline/model';
import type { DebugBody, DebugEvent, DebugExchange, DebugHeaders } from '@drumline/worker/debug';

/**
 * Collects the HTTP requests of a tried scenario as a HAR 1.2 document, which browsers and other
 * tools open. Each task is a page. http://www.softwareishard.com/blog/har-12-spec/
 */
export class HarRecorder {
  private readonly pages: HarPage[] = [];
  private readonly entries: HarEntry[] = [];

  /** @param version of Drumline */
  constructor(private readonly version: string) {}

  add(event: DebugEvent): void {
    if (event.kind === 'began') return this.open([event.user, event.task].filter(Boolean).join(' / '));
    if (event.kind === 'streamEnded') this.entries.push(this.entryOf(event.exchange));
    if (event.kind !== 'request') return;
    // A stream is added when it has ended, with its content.
    const { exchanges, failure } = event;
    exchanges.forEach((exchange, index) =>
      this.entries.push(this.entryOf(exchange, index === exchanges.length - 1 ? failure : undefined)),
    );
  }

  /** The document as JSON. */
  text(): string {
    const { version, pages } = this;
    const entries = this.entries.toSorted((a, b) => (a.startedDateTime < b.startedDateTime ? -1 : 1));
    const creator = { name: 'Drumline', version };
    return `${JSON.stringify({ log: { version: '1.2', creator, pages, entries } }, null, 2)}\n`;
  }

  private open(title: string): void {
    const id = `page_${this.pages.length + 1}`;
    this.pages.push({ startedDateTime: new Date().toISOString(), id, title, pageTimings: {} });
  }

  private entryOf(exchange: DebugExchange, failure = exchange.failure): HarEntry {
    const pageref = this.pages.at(-1)?.id;
    return {
      ...(pageref === undefined ? {} : { pageref }),
      startedDateTime: new Date(exchange.startedAt).toISOString(),
      time: exchange.durationMs,
      request: requestOf(exchange),
      response: responseOf(exchange),
      cache: {},
      timings: timingsOf(exchange.phases, exchange.opened?.tlsMs),
      ...(failure === undefined ? {} : { comment: failure, _error: failure }),
    };
  }
}

interface HarPage {
  readonly startedDateTime: string;
  readonly id: string;
  readonly title: string;
  readonly pageTimings: object;
}

interface HarEntry {
  readonly pageref?: string;
  readonly startedDateTime: string;
  readonly time: number;
  readonly request: object;
  readonly response: object;
  readonly cache: object;
  readonly timings: object;
  readonly comment?: string;
  readonly _error?: string;
}

function requestOf({ method, url, version, requestHeaders, requestBody }: DebugExchange): object {
  return {
    method,
    url,
    httpVersion: versionOf(version),
    cookies: cookiesOf(requestHeaders, 'cookie', '; '),
    headers: fieldsOf(requestHeaders),
    queryString: [...new URL(url).searchParams].map(([name, value]) => ({ name, value })),
    ...(requestBody === undefined ? {} : { postData: postDataOf(requestBody, requestHeaders) }),
    headersSize: -1,
    bodySize: requestBody?.bytes ?? 0,
  };
}

function postDataOf(body: DebugBody, headers: DebugHeaders): object {
  const text = body.text ?? body.base64 ?? '';
  return {
    mimeType: valueOf(headers, 'content-type') ?? 'application/octet-stream',
    params: [],
    text,
    ...(body.base64 === undefined ? {} : { comment: 'The text is Base64.' }),
  };
}

function responseOf(exchange: DebugExchange): object {
  const { status, statusText, version, responseHeaders, responseBody, bytesReceived } = exchange;
  return {
    status,
    statusText,
    httpVersion: versionOf(version),
    cookies: cookiesOf(responseHeaders, 'set-cookie', undefined),
    headers: fieldsOf(responseHeaders),
    content: {
      size: responseBody?.bytes ?? 0,
      mimeType: valueOf(responseHeaders, 'content-type') ?? 'x-unknown',
      ...(responseBody === undefined ? {} : { text: responseBody.text ?? responseBody.base64 ?? '' }),
      ...(responseBody?.base64 === undefined ? {} : { encoding: 'base64' }),
      ...(responseBody?.isCut === true ? { comment: 'The text is only the beginning.' } : {}),
    },
    redirectURL: valueOf(responseHeaders, 'location') ?? '',
    headersSize: -1,
    bodySize: -1,
    _transferSize: bytesReceived,
  };
}

/** `connect` includes TLS, as the format defines. */
function timingsOf(phases: Phases, tlsMs: number | undefined): object {
  const isNew = phases.connectMs > 0;
  return {
    blocked: phases.queuedMs,
    dns: -1,
    connect: isNew ? phases.connectMs : -1,
    send: phases.sendMs,
    wait: phases.waitMs,
    receive: phases.receiveMs,
    ssl: isNew && tlsMs ? tlsMs : -1,
  };
}

function versionOf(version: string): string {
  return version === 'h2' ? 'HTTP/2' : 'HTTP/1.1';
}

function fieldsOf(headers: DebugHeaders): { name: string; value: string }[] {
  return headers.map(([name, value]) => ({ name, value }));
}

function valueOf(headers: DebugHeaders, name: string): string | undefined {
  return headers.find(([one]) => one.toLowerCase() === name)?.[1];
}

/** @param separator between the cookies of one header; undefined if it has attributes instead */
function cookiesOf(
  headers: DebugHeaders,
  header: string,
  separator: string | undefined,
): { name: string; value: string }[] {
  return headers
    .filter(([name]) => name.toLowerCase() === header)
    .flatMap(([, value]) => (separator === undefined ? [value.split(';')[0]!] : value.split(separator)))
    .map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, Math.max(0, at)).trim(), value: pair.slice(at + 1).trim() };
    });
}
