/** A response that a server might send, well-formed or not. The connection is closed after it. */
export interface OddResponse {
  readonly name: string;
  /** One character for each byte. */
  readonly bytes: string;
  /** Of the request. */
  readonly method: string;
}

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;
const LONG = 'x'.repeat(20_000);

/** Cases in which parsers of HTTP/1.1 may differ, and cases in which they must not. */
export const ODD_RESPONSES: readonly OddResponse[] = [
  // Status lines
  of('a status line without a reason', 'HTTP/1.1 200 \r\ncontent-length: 2\r\n\r\nok'),
  of('a status line without the space before the reason', 'HTTP/1.1 200\r\ncontent-length: 2\r\n\r\nok'),
  of('a reason of several words', 'HTTP/1.1 404 Not  Found Here\r\ncontent-length: 0\r\n\r\n'),
  of('a reason with bytes above ASCII', 'HTTP/1.1 200 Gr\xfc\xdfe\r\ncontent-length: 0\r\n\r\n'),
  of('a reason with a control character', 'HTTP/1.1 200 O\x01K\r\ncontent-length: 0\r\n\r\n'),
  of('HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok'),
  of('HTTP/1.0 kept alive', 'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok'),
  of('HTTP/1.0 in chunks', 'HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'),
  of('HTTP/1.2', 'HTTP/1.2 200 OK\r\ncontent-length: 2\r\n\r\nok'),
  of('HTTP/2.0', 'HTTP/2.0 200 OK\r\ncontent-length: 2\r\n\r\nok'),
  of('HTTP/0.9', 'HTTP/0.9 200 OK\r\ncontent-length: 2\r\n\r\nok'),
  of('no HTTP', '220 mail.example ESMTP\r\n'),
  of('another protocol with a similar start', 'HTTPS/1.1 200 OK\r\n\r\n'),
  of('lower-case http', 'http/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
  of('ICY', 'ICY 200 OK\r\ncontent-length: 2\r\n\r\nok'),
  of('two spaces before the status', 'HTTP/1.1  200 OK\r\ncontent-length: 2\r\n\r\nok'),
  of('a tab before the status', 'HTTP/1.1\t200 OK\r\ncontent-length: 2\r\n\r\nok'),
  of('a status of two digits', 'HTTP/1.1 20 OK\r\ncontent-length: 2\r\n\r\nok'),
  of('a status of four digits', 'HTTP/1.1 2000 OK\r\ncontent-length: 2\r\n\r\nok'),
  of('a status of letters', 'HTTP/1.1 abc OK\r\ncontent-length: 2\r\n\r\nok'),
  of('status 099', 'HTTP/1.1 099 Low\r\ncontent-length: 2\r\n\r\nok'),
  of('status 599', 'HTTP/1.1 599 High\r\ncontent-length: 2\r\n\r\nok'),
  of('status 999', 'HTTP/1.1 999 Denied\r\ncontent-length: 2\r\n\r\nok'),
  of('an empty line before the status line', `\r\n${OK}content-length: 2\r\n\r\nok`),
  of('a space before the status line', ` ${OK}content-length: 2\r\n\r\nok`),
  of('a bare line feed after the status line', 'HTTP/1.1 200 OK\ncontent-length: 2\r\n\r\nok'),
  of('a bare carriage return after the status line', 'HTTP/1.1 200 OK\rcontent-length: 2\r\n\r\nok'),
  // Headers
  of('a header without whitespace', `${OK}content-length:2\r\n\r\nok`),
  of('a header with much whitespace', `${OK}content-length:  \t 2 \t \r\n\r\nok`),
  of('whitespace after a value', `${OK}x: a b \t\r\ncontent-length: 2\r\n\r\nok`),
  of('an empty header', `${OK}x-empty:\r\nx-blank:  \r\ncontent-length: 2\r\n\r\nok`),
  of('every character of a name', `${OK}!#$%&'*+-.^_\`|~0aZ: v\r\ncontent-length: 2\r\n\r\nok`),
  of(
    'values with tabs, colons and bytes above ASCII',
    `${OK}x: a\tb:c \xe4\xff\r\ncontent-length: 2\r\n\r\nok`,
  ),
  of('a no-break space around a value', `${OK}x: \xa0v\xa0\r\ncontent-length: 2\r\n\r\nok`),
  of(
    'repeated headers',
    `${OK}Set-Cookie: a\r\nset-cookie: b\r\nX: 1\r\nx: 2\r\ncontent-length: 2\r\n\r\nok`,
  ),
  of('names of objects', `${OK}__proto__: a\r\nconstructor: b\r\ncontent-length: 2\r\n\r\nok`),
  of('a long header', `${OK}x: ${LONG}\r\ncontent-length: 2\r\n\r\nok`),
  of('headers that are too large', `${OK}x: ${LONG.repeat(4)}\r\ncontent-length: 2\r\n\r\nok`),
  of('many headers', `${OK}${'a: b\r\n'.repeat(900)}content-length: 2\r\n\r\nok`),
  of('no headers, no body', `${OK}\r\n`),
  of('a header without a colon', `${OK}broken\r\ncontent-length: 2\r\n\r\nok`),
  of('a header without a name', `${OK}: v\r\ncontent-length: 2\r\n\r\nok`),
  of('a space in a name', `${OK}x y: v\r\ncontent-length: 2\r\n\r\nok`),
  of('a space before the colon', `${OK}content-length : 2\r\n\r\nok`),
  of('a tab before the colon', `${OK}content-length\t: 2\r\n\r\nok`),
  of('a space before the first header', `${OK} x: v\r\ncontent-length: 2\r\n\r\nok`),
  of('a folded header', `${OK}x: a\r\n b\r\ncontent-length: 2\r\n\r\nok`),
  of('a folded content-length', `${OK}content-length: 2\r\n 0\r\n\r\nok`),
  of('brackets in a name', `${OK}x[0]: v\r\ncontent-length: 2\r\n\r\nok`),
  of('bytes above ASCII in a name', `${OK}x\xe4: v\r\ncontent-length: 2\r\n\r\nok`),
  of('NUL in a name', `${OK}x\0: v\r\ncontent-length: 2\r\n\r\nok`),
  of('NUL in a value', `${OK}x: a\0b\r\ncontent-length: 2\r\n\r\nok`),
  of('a control character in a value', `${OK}x: a\x1bb\r\ncontent-length: 2\r\n\r\nok`),
  of('DEL in a value', `${OK}x: a\x7fb\r\ncontent-length: 2\r\n\r\nok`),
  of('a bare line feed after a header', `${OK}x: v\ncontent-length: 2\r\n\r\nok`),
  of('a bare carriage return in a value', `${OK}x: a\rb\r\ncontent-length: 2\r\n\r\nok`),
  of('a bare line feed as the empty line', `${OK}content-length: 2\r\n\nok`),
  of('a bare carriage return as the empty line', `${OK}content-length: 2\r\n\rok`),
  // Lengths
  of('a length in upper case', `${OK}CONTENT-LENGTH: 2\r\n\r\nok`),
  of('leading zeros', `${OK}content-length: 0002\r\n\r\nok`),
  of('no digits', `${OK}content-length:\r\n\r\nok`),
  of('a plus', `${OK}content-length: +2\r\n\r\nok`),
  of('a minus', `${OK}content-length: -2\r\n\r\nok`),
  of('a fraction', `${OK}content-length: 2.0\r\n\r\nok`),
  of('hexadecimal', `${OK}content-length: 0x2\r\n\r\nok`),
  of('a space inside', `${OK}content-length: 2 2\r\n\r\nok`),
  of('the same length twice', `${OK}content-length: 2\r\nContent-Length: 2\r\n\r\nok`),
  of('two lengths', `${OK}content-length: 2\r\ncontent-length: 3\r\n\r\nok`),
  of('a list of the same length', `${OK}content-length: 2, 2\r\n\r\nok`),
  of('a list of two lengths', `${OK}content-length: 2, 3\r\n\r\nok`),
  of('a list with nothing in it', `${OK}content-length: 2,\r\n\r\nok`),
  of('a length beyond 2^64', `${OK}content-length: 99999999999999999999\r\n\r\nok`),
  of('a length beyond 2^53', `${OK}content-length: 9007199254740992\r\n\r\nok`),
  of('too short a body', `${OK}content-length: 3\r\n\r\nok`),
  of(
    'a length and chunks',
    `${OK}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  ),
  of(
    'chunks and a length',
    `${OK}transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  ),
  // Responses without a body, and bodies until the end of the connection
  of('HEAD with a length', `${OK}content-length: 2\r\n\r\n`, 'HEAD'),
  of('HEAD with chunks', CHUNKED, 'HEAD'),
  of('HEAD without a length', `${OK}\r\n`, 'HEAD'),
  of('204', 'HTTP/1.1 204 No Content\r\n\r\n'),
  of('204 with a length', 'HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n'),
  of('304', 'HTTP/1.1 304 Not Modified\r\netag: "a"\r\n\r\n'),
  of('304 with a content-length', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 2\r\n\r\n'),
  of('205 with a length', 'HTTP/1.1 205 Reset Content\r\ncontent-length: 0\r\n\r\n'),
  of('until the end', `${OK}\r\nuntil the end`),
  of('until the end, closing', `${OK}connection: close\r\n\r\nuntil the end`),
  of('until the end, with keep-alive', `${OK}connection: keep-alive\r\n\r\nuntil the end`),
  // Provisional responses
  of('100', `HTTP/1.1 100 Continue\r\n\r\n${OK}content-length: 2\r\n\r\nok`),
  of(
    'several 1xx',
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${OK}content-length: 2\r\n\r\nok`,
  ),
  of(
    '1xx with a length',
    `HTTP/1.1 103 Early Hints\r\ncontent-length: 5\r\n\r\n${OK}content-length: 2\r\n\r\nok`,
  ),
  of('1xx and nothing more', 'HTTP/1.1 100 Continue\r\n\r\n'),
  of('101', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  of('200 with an upgrade', `${OK}connection: upgrade\r\nupgrade: h2c\r\ncontent-length: 2\r\n\r\nok`),
  // Transfer codings
  of('chunks', `${CHUNKED}2\r\nok\r\n0\r\n\r\n`),
  of('Chunked', `${OK}Transfer-Encoding: Chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`),
  of('chunked twice', `${OK}transfer-encoding: chunked, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`),
  of(
    'chunked on two lines',
    `${OK}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  ),
  of('gzip and chunked', `${OK}transfer-encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`),
  of('chunked and gzip', `${OK}transfer-encoding: chunked, gzip\r\n\r\n2\r\nok\r\n0\r\n\r\n`),
  of('identity', `${OK}transfer-encoding: identity\r\n\r\nok`),
  of('xchunked', `${OK}transfer-encoding: xchunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`),
  of('an empty transfer-encoding', `${OK}transfer-encoding:\r\n\r\n2\r\nok\r\n0\r\n\r\n`),
  of('chunked with a parameter', `${OK}transfer-encoding: chunked;a=b\r\n\r\n2\r\nok\r\n0\r\n\r\n`),
  // Chunks
  of('several chunks', `${CHUNKED}2\r\nok\r\n00A\r\n0123456789\r\na\r\nabcdefghij\r\n0\r\n\r\n`),
  of('an empty body in chunks', `${CHUNKED}0\r\n\r\n`),
  of('a last chunk of many zeros', `${CHUNKED}2\r\nok\r\n0000\r\n\r\n`),
  of('extensions', `${CHUNKED}2;a;b=c;d="e f"\r\nok\r\n0;last\r\n\r\n`),
  of('a space before an extension', `${CHUNKED}2 ;a\r\nok\r\n0\r\n\r\n`),
  of('a space after a size', `${CHUNKED}2 \r\nok\r\n0\r\n\r\n`),
  of('a space before a size', `${CHUNKED} 2\r\nok\r\n0\r\n\r\n`),
  of('an extension with a bare line feed', `${CHUNKED}2;a\nok\r\n0\r\n\r\n`),
  of('an extension with a bare carriage return', `${CHUNKED}2;a\rb\r\nok\r\n0\r\n\r\n`),
  of('an extension with a control character', `${CHUNKED}2;a\x01\r\nok\r\n0\r\n\r\n`),
  of('an extension of 20,000 bytes', `${CHUNKED}2;${LONG}\r\nok\r\n0\r\n\r\n`),
  of('a size of letters', `${CHUNKED}xy\r\nok\r\n0\r\n\r\n`),
  of('a size with 0x', `${CHUNKED}0x2\r\nok\r\n0\r\n\r\n`),
  of('a size with a minus', `${CHUNKED}-2\r\nok\r\n0\r\n\r\n`),
  of('no size', `${CHUNKED}\r\nok\r\n0\r\n\r\n`),
  of('a size beyond 2^64', `${CHUNKED}10000000000000002\r\nok\r\n0\r\n\r\n`),
  of('a size beyond 2^53', `${CHUNKED}20000000000000\r\nok\r\n0\r\n\r\n`),
  of('a bare line feed after a size', `${CHUNKED}2\nok\r\n0\r\n\r\n`),
  of('a bare line feed after a chunk', `${CHUNKED}2\r\nok\n0\r\n\r\n`),
  of('nothing after a chunk', `${CHUNKED}2\r\nok0\r\n\r\n`),
  of('a chunk longer than its size', `${CHUNKED}2\r\nokay\r\n0\r\n\r\n`),
  of('a chunk shorter than its size', `${CHUNKED}5\r\nok\r\n0\r\n\r\n`),
  of('no last chunk', `${CHUNKED}2\r\nok\r\n`),
  of('no empty line after the last chunk', `${CHUNKED}2\r\nok\r\n0\r\n`),
  // Trailers
  of('trailers', `${CHUNKED}2\r\nok\r\n0\r\nX-Sum: 42\r\nx-empty:\r\nx-sum: 43\r\n\r\n`),
  of('a length in the trailers', `${CHUNKED}2\r\nok\r\n0\r\ncontent-length: 9\r\n\r\n`),
  of('a broken trailer', `${CHUNKED}2\r\nok\r\n0\r\nbroken\r\n\r\n`),
  of('a folded trailer', `${CHUNKED}2\r\nok\r\n0\r\nx: a\r\n b\r\n\r\n`),
  of('trailers that are too large', `${CHUNKED}2\r\nok\r\n0\r\nx: ${LONG.repeat(4)}\r\n\r\n`),
];

const TRANSFER_CODING =
  'only chunked is supported: the client requests no other, and the body would stay encoded';
const SAME_LENGTH = 'RFC 9112 §6.3: equal lengths are one length; Node rejects them';
const VERSION = 'only HTTP/1.0 and HTTP/1.1 have this format';

/** Cases in which llhttp (used by Node and undici) differs from Drumline's parser, and why. */
export const LLHTTP_DIFFERENCES: Readonly<Record<string, string>> = {
  'a reason with a control character': 'RFC 9112 §4 forbids it; Node accepts it',
  'HTTP/2.0': VERSION,
  'HTTP/0.9': VERSION,
  'status 099': 'RFC 9110 §15: the first digit is the class, from 1 on',
  'an empty line before the status line': 'RFC 9112 §2.2 allows it only in requests',
  'a header with much whitespace':
    'RFC 9112 §5: any whitespace around a value; Node rejects a tab after a length',
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
  'a space before an extension': 'RFC 9112 §7.1.1: to be accepted; Node rejects it',
  'a length in the trailers': 'RFC 9110 §6.5.1: a trailer is not a header; Node treats it as one',
};

function of(name: string, bytes: string, method = 'GET'): OddResponse {
  return { name, bytes, method };
}
