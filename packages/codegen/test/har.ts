/** One exchange of a recording. Fields that are not set have usual values. */
export interface Exchange {
  /** Seconds since the start of the recording. */
  readonly at?: number;
  readonly method?: string;
  /** An absolute URL, or a path of `https://shop.example`. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Content type of the request body; default JSON. */
  readonly sent?: string;
  readonly status?: number;
  readonly location?: string;
  readonly type?: string;
  readonly answer?: unknown;
  readonly cookies?: Readonly<Record<string, string>>;
  /** The `_resourceType` of Chrome. */
  readonly kind?: string;
  readonly page?: string;
}

/** A HAR file of these exchanges, one every 100 ms unless `at` is set. */
export function harOf(exchanges: readonly Exchange[]): string {
  const entries = exchanges.map((exchange, index) => entryOf(exchange, exchange.at ?? index / 10));
  return JSON.stringify({ log: { version: '1.2', creator: { name: 'a test', version: '1' }, entries } });
}

function entryOf(exchange: Exchange, at: number): object {
  const { method = 'GET', url, headers = {}, body, sent = 'application/json', status = 200 } = exchange;
  const { type = 'application/json', answer = {}, cookies = {}, location = '', kind, page } = exchange;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    startedDateTime: new Date(Date.UTC(2026, 2, 2) + at * 1_000).toISOString(),
    time: 40,
    ...(kind !== undefined && { _resourceType: kind }),
    ...(page !== undefined && { pageref: page }),
    request: {
      method,
      url: url.startsWith('/') ? `https://shop.example${url}` : url,
      headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
      ...(body !== undefined && { postData: { mimeType: sent, text } }),
    },
    response: {
      status,
      redirectURL: location,
      headers: [],
      cookies: Object.entries(cookies).map(([name, value]) => ({ name, value })),
      content: { mimeType: type, text: typeof answer === 'string' ? answer : JSON.stringify(answer) },
    },
  };
}
