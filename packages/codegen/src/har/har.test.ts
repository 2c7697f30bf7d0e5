import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readHarJourney } from './journey.js';

const readText = (text: string) => readHarJourney(text, 'x.har', { keepAssets: false, keepHosts: [] });

test('a repeated header has all its values', () => {
  const headers = [
    { name: 'X-Role', value: 'a' },
    { name: 'x-role', value: 'b' },
  ];
  const entry = { request: { method: 'GET', url: 'https://x.example/', headers }, response: { status: 200 } };
  const { visits } = readText(JSON.stringify({ log: { entries: [entry] } }));
  expect(visits[0]?.steps[0]?.headers).toEqual({ 'x-role': ['a', 'b'] });
});

describe('a bad entry does not affect the others', () => {
  const good = { request: { method: 'GET', url: 'https://shop.example/a' }, response: { status: 200 } };
  const withEntries = (...entries: unknown[]) => readText(JSON.stringify({ log: { entries } }));

  test('unreadable entries are left out and listed', () => {
    const text = readFileSync(new URL('../../test/recordings/broken.har', import.meta.url), 'utf8');
    const { about, visits } = readText(text);
    expect(visits).toHaveLength(1);
    expect(about).toContain(
      "Left out because they cannot be read: entry 2: request.url 'shop.example/cart' is not a URL; entry 3: request.method is missing and request.url is missing; entry 4: it is not an object.",
    );
  });

  test.each<[string, unknown, string]>([
    ['null', null, 'Left out because they cannot be read: entry 2: it is not an object.'],
    ['without a request', {}, 'Left out because they cannot be read: entry 2: it has no request.'],
    ['without a response', { ...good, response: undefined }, 'Left out: 1 request without a response.'],
    ['aborted', { ...good, response: { status: 0 } }, 'Left out: 1 request without a response.'],
    [
      'with a text as its status',
      { ...good, response: { status: 'x' } },
      'Left out: 1 request without a response.',
    ],
    [
      'with the method of a proxy',
      { ...good, request: { method: 'CONNECT', url: 'https://shop.example/' } },
      "Left out because they cannot be read: entry 2: request.method 'CONNECT' cannot be sent.",
    ],
    [
      'with an invalid method',
      { ...good, request: { method: 'GET /', url: 'https://shop.example/' } },
      "Left out because they cannot be read: entry 2: request.method 'GET /' cannot be sent.",
    ],
    [
      'without a server',
      { ...good, request: { method: 'GET', url: 'data:text/plain,x' } },
      'Left out: 1 URL without a server (such as data: or blob:).',
    ],
    [
      'of a WebSocket',
      { ...good, request: { method: 'GET', url: 'wss://shop.example/live' }, response: { status: 101 } },
      'Left out: 1 WebSocket or event stream.',
    ],
  ])('an entry: %s', (_, bad, about) => {
    const journey = withEntries({ ...good, startedDateTime: '2026-03-02T09:14:03Z' }, bad);
    expect(journey.about).toContain(about);
    expect(journey.visits.flatMap(({ steps }) => steps)).toHaveLength(1);
  });

  test.each<[string, string]>([
    ['bad name', 'x'],
    ['', 'x'],
    ['x-lines', 'a\nb'],
  ])('an invalid header is left out and listed: %j', (name, value) => {
    const request = {
      ...good.request,
      headers: [
        { name, value },
        { name: 'x-good', value: 'ü' },
      ],
    };
    const { about, visits } = withEntries({ ...good, request });
    expect(visits[0]?.steps[0]?.headers).toEqual({ 'x-good': 'ü' });
    expect(about).toContain(`Headers that cannot be sent were left out: '${name}' in entry 1.`);
  });

  test('entries with only a request and a status are read', () => {
    const { about, visits } = withEntries(good, { ...good, startedDateTime: 'soon', time: 'long' });
    expect(visits.flatMap(({ steps }) => steps)).toHaveLength(2);
    expect(about[0]).toBe('From x.har, recorded: 2 of 2 requests.');
    expect(about).toContain('Entries without a start time stay in the order of the file: entry 1, entry 2.');
  });

  test('HTTP/3 is reported, and a long body is replaced', () => {
    const long = { mimeType: 'application/json', text: JSON.stringify('x'.repeat(200_000)) };
    const { about, visits } = withEntries({
      request: { method: 'POST', url: 'https://shop.example/up', httpVersion: 'h3', postData: long },
      response: { status: 200, httpVersion: 'h3' },
    });
    expect(about).toContain(
      'Some requests were recorded over HTTP/3. Drumline sends them over HTTP/2 or HTTP/1.1.',
    );
    expect(about.filter((note) => note.startsWith('Long bodies'))).toEqual([
      'Long bodies were replaced with the letter x, repeated to the same length: POST /up.',
    ]);
    expect(JSON.stringify(visits).length).toBeLessThan(2_000);
  });
});

describe('a file that is not a HAR file', () => {
  test('is an error that lists each entry', () => {
    expect(() => readText('{"log":{"entries":[null,{"request":{"method":"GET","url":"x"}}]}}')).toThrow(
      expect.objectContaining({
        exit: 'usage',
        message:
          "x.har has 2 problems:\n  entry 1: it is not an object\n  entry 2: request.url 'x' is not a URL",
      }),
    );
  });

  test('without a usable request is an error that counts the entries', () => {
    const aborted = { request: { method: 'GET', url: 'https://shop.example/a' }, response: { status: 0 } };
    const entries = [aborted, null, { request: {} }];
    expect(() => readText(JSON.stringify({ log: { entries } }))).toThrow(
      'x.har: no requests are left after leaving out 1 request without a response; 2 unreadable entries',
    );
  });

  test.each([
    ['{"log":', 'x.har: the text ends too early, at line 1, column 8'],
    ['{"log": {\n "a": 1,,\n}}', 'line 2, column 9'],
    ['{}', 'x.har: this is not a HAR file: log.entries is missing'],
    ['<html>', 'is not valid JSON'],
  ])('%j', (text, message) => {
    expect(() => readText(text)).toThrow(message);
  });
});
