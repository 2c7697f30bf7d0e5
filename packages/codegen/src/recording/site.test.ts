import { expect, test } from '@jest/globals';
import { hostNameOf } from './site.js';

test.each([
  ['shop.example', 'shop.example'],
  ['CDN.Shop.example.', 'cdn.shop.example'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['*.shop.example', 'shop.example'],
  ['.shop.example', 'shop.example'],
  ['https://shop.example:8443/a?b', 'shop.example'],
  ['shop.example:8443', 'shop.example'],
  ['[::1]:80', '[::1]'],
  ['', undefined],
  ['a b', undefined],
  ['a.*.example', undefined],
  ['https://', undefined],
])('the host of %j is %j', (text, host) => {
  expect(hostNameOf(text)).toBe(host);
});
