import { createHash, createHmac } from 'node:crypto';
import type { EngineRequest } from '../../engine/contract.js';
import type { AwsSignatureSettings } from '../../settings/request-settings.js';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const UNSIGNED = 'UNSIGNED-PAYLOAD';

/**
 * Signs requests with AWS Signature Version 4.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export class AwsSigner {
  /** The key of a day, and the scope that it is for. */
  #key: { readonly scope: string; readonly bytes: Buffer } | undefined;

  constructor(
    private readonly settings: AwsSignatureSettings,
    private readonly today: () => Date = () => new Date(),
  ) {}

  /** @throws TypeError for a body whose bytes are not known before it is sent */
  requireSignable({ body, method, path }: EngineRequest): void {
    if (body === undefined || body instanceof Uint8Array || this.settings.service === 's3') return;
    throw new TypeError(
      `${method} ${path}: a streamed body cannot be signed for the service '${this.settings.service}'; pass it as bytes`,
    );
  }

  /** The request with its signature. Its own `authorization` header is kept. */
  signed(request: EngineRequest): EngineRequest {
    const { service, sessionToken } = this.settings;
    const timestamp = this.today()
      .toISOString()
      .replaceAll(/[-:]|\.\d+/g, '');
    const payload = payloadHash(request.body);
    const own = [
      ['x-amz-date', timestamp],
      ...(service === 's3' ? [['x-amz-content-sha256', payload]] : []),
      ...(sessionToken === undefined ? [] : [['x-amz-security-token', sessionToken]]),
    ] as [string, string][];
    // A plus sign in a query is a space for some services, and a plus sign for others.
    const [pathname, query] = split(request.path);
    const path = query === undefined ? pathname : `${pathname}?${query.replaceAll('+', '%20')}`;
    const headers = [...request.headers, ...own.flat()];
    const signed = signedHeaders(headers, request.origin);
    const names = signed.map(([name]) => name).join(';');
    const canonical = [
      request.method,
      canonicalPath(pathname, service === 's3'),
      canonicalQuery(split(path)[1]),
      ...signed.map(([name, value]) => `${name}:${value}`),
      '',
      names,
      payload,
    ].join('\n');
    const { scope, bytes } = this.#keyOf(timestamp.slice(0, 8));
    const signature = createHmac('sha256', bytes)
      .update([ALGORITHM, timestamp, scope, sha256(canonical)].join('\n'))
      .digest('hex');
    const credential = `Credential=${this.settings.accessKeyId}/${scope}`;
    const authorization = `${ALGORITHM} ${credential}, SignedHeaders=${names}, Signature=${signature}`;
    return { ...request, path, headers: [...headers, 'authorization', authorization] };
  }

  #keyOf(day: string): { readonly scope: string; readonly bytes: Buffer } {
    const { region, service, secretAccessKey } = this.settings;
    const scope = `${day}/${region}/${service}/aws4_request`;
    if (this.#key?.scope !== scope) {
      const hmac = (key: string | Buffer, text: string): Buffer =>
        createHmac('sha256', key).update(text).digest();
      const bytes = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
        hmac,
        `AWS4${secretAccessKey}`,
      ) as Buffer;
      this.#key = { scope, bytes };
    }
    return this.#key;
  }
}

function payloadHash(body: EngineRequest['body']): string {
  if (body === undefined) return sha256('');
  return body instanceof Uint8Array ? sha256(body) : UNSIGNED;
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The headers that must be signed. Proxies may change others. */
function signedHeaders(headers: readonly string[], origin: string): [string, string][] {
  const values = new Map<string, string>([['host', new URL(origin).host]]);
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]!.toLowerCase();
    if (name !== 'host' && name !== 'content-type' && !name.startsWith('x-amz-')) continue;
    const value = headers[i + 1]!.trim().replaceAll(/ +/g, ' ');
    const before = name === 'host' ? undefined : values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Services other than S3 expect the path, which is encoded already, to be encoded again. */
function canonicalPath(path: string, isS3: boolean): string {
  return path
    .split('/')
    .map((segment) => encode(isS3 ? decoded(segment) : segment))
    .join('/');
}

function canonicalQuery(query: string | undefined): string {
  if (query === undefined || query === '') return '';
  const pairs = query.split('&').map((part) => {
    const at = part.indexOf('=');
    const [name, value] = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
    return [encode(decoded(name)), encode(decoded(value))] as const;
  });
  return pairs
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function split(path: string): [string, string | undefined] {
  const at = path.indexOf('?');
  return at < 0 ? [path, undefined] : [path.slice(0, at), path.slice(at + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Percent-encodes everything except unreserved characters (RFC 3986). */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
