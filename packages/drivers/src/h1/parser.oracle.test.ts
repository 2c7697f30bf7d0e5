import { once } from 'node:events';
import http from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { closeAfterEach } from '../../../../test/contract/support/closing.js';
import {
  LLHTTP_DIFFERENCES,
  ODD_RESPONSES,
  type OddResponse,
} from '../../../../test/contract/support/odd-responses.js';
import { read } from '../../../../test/contract/support/recorded-response.js';
import { answerRaw } from '../../../../test/contract/support/servers.js';

/** How a client read a response: completely or not at all. */
type Outcome =
  | {
      status: number | undefined;
      statusText: string | undefined;
      rawHeaders: readonly string[] | undefined;
      body: string;
      rawTrailers: readonly string[] | undefined;
    }
  | 'failed';

/** Responses that llhttp in newer versions of Node reads as Drumline does. */
const MENDED_IN_NODE_22 = ['a header with much whitespace', 'an empty transfer-encoding'];
const IS_MENDED = Number(process.versions.node.split('.')[0]) >= 22;

/** Responses that curl, Go and browsers accept, but Node does not. */
const READ_UNLESS_STRICT = [
  'two spaces before the status',
  'a bare line feed after the status line',
  'a space before the colon',
  'a tab before the colon',
  'a folded header',
  'a bare line feed after a header',
  'a bare line feed as the empty line',
  'a length and chunks',
  'chunks and a length',
  'identity',
  'a space after a size',
  'a space before a size',
  'an extension with a bare line feed',
  'a bare line feed after a size',
  'a bare line feed after a chunk',
  'a folded trailer',
];

test('the lenient parser differs from the strict one only in the listed responses', () => {
  const others = ODD_RESPONSES.filter((odd) => !isDeepStrictEqual(ask(odd, false), ask(odd)));
  expect(others.map(({ name }) => name)).toEqual(READ_UNLESS_STRICT);
  for (const odd of others) expect(ask(odd)).toBe('failed');
});

describe('compared with Node’s own parser', () => {
  const closing = closeAfterEach();

  test.each(ODD_RESPONSES.map((odd) => [odd.name, odd] as const))('%s', async (name, odd) => {
    const server = await closing(answerRaw((socket) => socket.end(odd.bytes, 'latin1')));
    const node = await askNode(server.port, odd.method);
    const differs = name in LLHTTP_DIFFERENCES && !(IS_MENDED && MENDED_IN_NODE_22.includes(name));
    if (differs) expect(ask(odd)).not.toEqual(node);
    else expect(ask(odd)).toEqual(node);
  });
});

function ask({ bytes, method }: OddResponse, strict = true): Outcome {
  const { end, status, statusText, rawHeaders, body, rawTrailers } = read(bytes, method, strict);
  return end === 'complete' ? { status, statusText, rawHeaders, body, rawTrailers } : 'failed';
}

async function askNode(port: number, method: string): Promise<Outcome> {
  const request = http.request({ port, method, agent: false, maxHeaderSize: 64 * 1024 });
  request.end();
  try {
    const [response] = (await Promise.race([
      once(request, 'response'),
      once(request, 'close').then(() => Promise.reject(new Error('no response'))),
    ])) as [http.IncomingMessage];
    let body = '';
    for await (const piece of response) body += (piece as Buffer).toString('latin1');
    const { statusCode: status, statusMessage: statusText, rawHeaders, rawTrailers } = response;
    return { status, statusText, rawHeaders, body, rawTrailers };
  } catch {
    return 'failed';
  } finally {
    request.destroy();
  }
}
