import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readHostName, readServerName } from './host-names.js';

test.each([
  ['shop.example', 'shop.example', undefined],
  ['Shop.EXAMPLE.', 'shop.example', undefined],
  ['bücher.example:8443', 'xn--bcher-kva.example', 8443],
  ['XN--BCHER-KVA.example', 'xn--bcher-kva.example', undefined],
  ['ｓｈｏｐ.example', 'shop.example', undefined],
  ['my_service', 'my_service', undefined],
  ['10.0.0.7:80', '10.0.0.7', 80],
  ['127.1', '127.0.0.1', undefined],
  ['::1', '::1', undefined],
  ['[::1]', '::1', undefined],
  ['[2001:DB8:0::7]:443', '2001:db8::7', 443],
  ['2001:db8:0:0:0:0:0:7', '2001:db8::7', undefined],
])('%s is %s, port %s', (text, host, port) => {
  expect(readHostName(text)).toEqual({ host, port });
});

test.each([
  ['', 'must not be empty'],
  [' shop.example', 'have spaces around it'],
  ['https://shop.example:8443/x', "is a URL: write only the host, 'shop.example:8443'"],
  ['*.shop.example', 'has a wildcard'],
  ['shop.example/path', 'is not a valid host'],
  ['ann@shop.example', 'is not a valid host'],
  ['shop example', 'is not a valid host'],
  ['shop.example:', 'must be a number from 1 to 65535'],
  ['shop.example:0', 'must be a number from 1 to 65535'],
  ['shop.example:65536', 'must be a number from 1 to 65535'],
  ['shop.example:http', 'must be a number from 1 to 65535'],
  [':80', 'is not a valid host'],
  ['[shop.example]', 'is not a valid host'],
  ['[::1', 'is not a valid host'],
  ['.', 'is not a valid host name or IP address'],
  ['1.2.3.256', 'is not a valid host name or IP address'],
])('%s is rejected: %s', (text, problem) => {
  expect(() => readHostName(text)).toThrow(problem);
});

test('a server name has no port', () => {
  expect(readServerName('Shop.example.')).toBe('shop.example');
  expect(() => readServerName('shop.example:443')).toThrow('remove the port');
});

test('the parsed host equals the host of a URL with the same text', () => {
  fc.assert(
    fc.property(fc.webUrl({ withFragments: false }), (text) => {
      const { hostname, host, port } = new URL(text);
      const read = readHostName(host);
      expect(read.host).toBe(hostname.replace(/\.$/, ''));
      expect(read.port).toBe(port === '' ? undefined : Number(port));
    }),
  );
});
