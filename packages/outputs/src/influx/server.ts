import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { OutputError } from '../output.js';
import { post, type PostRequest } from '../http/post.js';

const compress = promisify(gzip);

/** Where points are written to. */
export interface InfluxServer {
  /** Of the write endpoint, with the database or the bucket. */
  readonly write: URL;
  /** What deletes the points of a run. */
  readonly discard: (runId: string, measurements: readonly string[]) => PostRequest;
  readonly headers: Readonly<Record<string, string>>;
  /** What an unknown database means, and how to create it. */
  readonly unknownDatabase: string;
}

/** Most lines of a request, as the documentation of InfluxDB advises. */
const MAX_LINES = 5_000;

/** Checks address, credentials and database with a request without points. */
export async function checkServer(server: InfluxServer): Promise<void> {
  try {
    await writeText(server, '');
  } catch (error) {
    // Some versions refuse a request without points, once they have checked everything else.
    if (error instanceof OutputError && error.message.includes(' answers 400')) return;
    throw error;
  }
}

/** Writes lines. Repeating it does no harm. */
export async function writeLines(
  server: InfluxServer,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (let at = 0; at < lines.length; at += MAX_LINES)
    await writeText(server, `${lines.slice(at, at + MAX_LINES).join('\n')}\n`, signal);
}

export async function discardRun(
  server: InfluxServer,
  runId: string,
  measurements: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { url, headers, body } = server.discard(runId, measurements);
  await post({ url, headers: { ...server.headers, ...headers }, body }, signal);
}

async function writeText(server: InfluxServer, text: string, signal?: AbortSignal): Promise<void> {
  const headers = {
    ...server.headers,
    'content-type': 'text/plain; charset=utf-8',
    'content-encoding': 'gzip',
  };
  const body = await compress(text);
  await post({ url: server.write, headers, body }, signal, (status) => {
    if (status === 401 || status === 403) return 'check the user, the password or the token';
    return status === 404 ? server.unknownDatabase : undefined;
  });
}
