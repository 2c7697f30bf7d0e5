import { OutputError } from '../output.js';

export interface PostRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Statuses after which the same request may succeed. */
const TEMPORARY = new Set([408, 425, 429]);
const MAX_BODY_CHARS = 200;

/**
 * Sends a body and reads the response.
 * @param explain what a status means for this service, as a sentence to append
 * @throws OutputError if the service refuses it for good, any other error if it may be repeated;
 * messages contain no credentials
 */
export async function post(
  { url, headers, body }: PostRequest,
  signal?: AbortSignal,
  explain: (status: number) => string | undefined = () => undefined,
): Promise<Buffer> {
  const response = await send(url, {
    method: 'POST',
    headers,
    body,
    redirect: 'error',
    signal: signal ?? null,
  });
  const { status } = response;
  const bytes = Buffer.from(await response.arrayBuffer());
  if (response.ok) return bytes;
  const text = bytes.toString().trim().split('\n')[0]!.slice(0, MAX_BODY_CHARS);
  const hint = explain(status);
  const message = `${url.host} answers ${status}${text === '' ? '' : `: ${text}`}${hint === undefined ? '' : `; ${hint}`}`;
  if (status >= 500 || TEMPORARY.has(status)) throw new Error(message);
  throw new OutputError(message);
}

async function send(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw new Error(`${url.host} does not answer`, { cause: error });
    throw new Error(`${url.host} cannot be reached: ${causeOf(error)}`, { cause: error });
  }
}

/** `fetch` hides the reason in the cause, which may be several errors. */
function causeOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: unknown };
  if (cause === undefined) return message;
  if (cause instanceof AggregateError && cause.errors.length > 0) return causeOf(cause.errors[0]);
  return causeOf(cause);
}
