// Cost of parsing an HTTP/1.1 response as nginx and Node send it, beside the cost of making one
// string of its head.
// npm run bench:parse
import { describeMachine, median } from './support.js';

type ParserModule = typeof import('../../packages/drivers/src/h1/parser.js');

const ROUNDS = 60;
const RESPONSES_PER_ROUND = 20_000;
const CONNECTIONS = 50;
const BODY = 'x'.repeat(1024);
const DATE = 'Date: Sat, 07 Nov 2026 10:11:12 GMT\r\n';
const NGINX_HEAD =
  `HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\n${DATE}Content-Type: text/plain\r\nContent-Length: 1024\r\n` +
  'Last-Modified: Sat, 07 Nov 2026 08:00:00 GMT\r\nConnection: keep-alive\r\nETag: "654a0c60-400"\r\nAccept-Ranges: bytes\r\n\r\n';
const NODE_HEAD = `HTTP/1.1 200 OK\r\n${DATE}Connection: keep-alive\r\nKeep-Alive: timeout=5\r\nTransfer-Encoding: chunked\r\n\r\n`;

const url = new URL('../../../packages/drivers/dist/h1/parser.js', import.meta.url);
const { ResponseParser } = (await import(url.href)) as ParserModule;

/** Does the work this many times. */
type Work = (times: number) => void;

const works: Record<string, Work> = {
  'nginx, the head as before': reading(NGINX_HEAD + BODY),
  'nginx, each head another': reading(NGINX_HEAD + BODY, NGINX_HEAD.indexOf('654a')),
  'Node, one chunk, the head as before': reading(`${NODE_HEAD}400\r\n${BODY}\r\n0\r\n\r\n`),
  'the string of a head alone': makingStrings(NGINX_HEAD),
};

const costsNs = new Map<string, number[]>(Object.keys(works).map((name) => [name, []]));
for (const work of Object.values(works)) work(3 * RESPONSES_PER_ROUND);
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, work] of Object.entries(works)) {
    const startedAtMs = performance.now();
    work(RESPONSES_PER_ROUND);
    costsNs.get(name)!.push(((performance.now() - startedAtMs) * 1e6) / RESPONSES_PER_ROUND);
  }
}
console.log(describeMachine());
for (const [name, costs] of costsNs)
  console.log(
    `${name}: ${Math.min(...costs).toFixed(0)} ns at best, ${median(costs).toFixed(0)} in the median`,
  );

/** @param changesAt offset of two letters that differ in each text */
function reading(text: string, changesAt?: number): Work {
  const bytes = sharedMemory(text);
  let bodyBytes = 0;
  let cookies = 0;
  const sink = {
    onHead(head: { header(name: string): string | undefined }) {
      if (head.header('set-cookie') !== undefined) cookies += 1;
    },
    onBody(_: Buffer, start: number, end: number) {
      bodyBytes += end - start;
    },
    onComplete() {},
  };
  const parsers = Array.from({ length: CONNECTIONS }, () => new ResponseParser(sink));
  return (times) => {
    bodyBytes = 0;
    for (let i = 0; i < times; i += 1) {
      if (changesAt !== undefined) {
        bytes[changesAt] = 0x61 + (i & 15);
        bytes[changesAt + 1] = 0x61 + ((i >> 4) & 15);
      }
      const parser = parsers[i % CONNECTIONS]!;
      parser.begin('GET');
      parser.feed(bytes, text.length);
    }
    if (bodyBytes !== times * BODY.length || cookies > 0) throw new Error('misread');
  };
}

function makingStrings(text: string): Work {
  const bytes = sharedMemory(text);
  return (times) => {
    let characters = 0;
    for (let i = 0; i < times; i += 1) characters += bytes.toString('latin1', 0, text.length).length;
    if (characters !== times * text.length) throw new Error('misread');
  };
}

function sharedMemory(text: string): Buffer {
  const bytes = Buffer.alloc(64 * 1024);
  bytes.write(text, 'latin1');
  return bytes;
}
