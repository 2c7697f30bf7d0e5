import { once } from 'node:events';
import http from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { closeAfterEach } from '../../../../test/contract/support/closing.js';
import { ODD_RESPONSES, type OddResponse } from '../../../../test/contract/support/odd-responses.js';
import { read } from '../../../../test/contract/support/recorded-response.js';
import { answerRaw } from '../../../../test/contract/support/servers.js';

const TRANSFER_CODING = 'only chunked is known: nothing else was asked for, and the body would stay encoded';
const SAME_LENGTH = 'RFC 9112 §6.3: equal lengths are one length; Node refuses them';
const VERSION = 'only HTTP/1.0 and HTTP/1.1 have this format';

/** Where the parser and Node's disagree, and why. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'a reason with a control character': 'RFC 9112 §4 knows none; Node hands it on',
  'HTTP/2.0': VERSION,
  'HTTP/0.9': VERSION,
  'status 099': 'RFC 9110 §15: the first digit is the class, from 1 on',
  'an empty line before the status line': 'RFC 9112 §2.2 forgives it in requests only',
  'a header with much white space':
    'RFC 9112 §5: any white space around a value; Node refuses a tab after a length',
  'the same length twice': SAME_LENGTH,
  'a list of the same length': SAME_LENGTH,
  'chunked twice': TRANSFER_CODING,
  'chunked on two lines': TRANSFER_CODING,
  'gzip and chunked': TRANSFER_CODING,
  'chunked and gzip': TRANSFER_CODING,
  identity: TRANSFER_CODING,
  xchunked: TRANSFER_CODING,
  'an empty transfer-encoding': TRANSFER_CODING,
  'chunked with a parameter': TRANSFER_CODING,
  'a space before an extension': 'RFC 9112 §7.1.1: to be accepted; Node refuses it',
  'a length in the trailers': 'RFC 9110 §6.5.1: a trailer is no header; Node takes it for one',
};

/** What a client made of a response: all of it, or nothing. */
type Outcome =
  | {
      status: number | undefined;
      statusText: string | undefined;
      rawHeaders: readonly string[] | undefined;
      body: string;
      rawTrailers: readonly string[] | undefined;
    }
  | 'failed';

describe('beside Node’s own parser', () => {
  const closing = closeAfterEach();

  test.each(ODD_RESPONSES.map((odd) => [odd.name, odd] as const))('%s', async (name, odd) => {
    const server = await closing(answerRaw((socket) => socket.end(odd.bytes, 'latin1')));
    const node = await askNode(server.port, odd.method);
    if (name in DIFFERENCES) expect(ask(odd)).not.toEqual(node);
    else expect(ask(odd)).toEqual(node);
  });
});

function ask({ bytes, method }: OddResponse): Outcome {
  const { end, status, statusText, rawHeaders, body, rawTrailers } = read(bytes, method);
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
