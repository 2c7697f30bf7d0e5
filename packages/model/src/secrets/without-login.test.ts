import { expect, test } from '@jest/globals';
import { withoutLogin } from './without-login.js';

test.each([
  ['https://ann:pass@shop.example/base?mail=a@b', 'https://shop.example/base?mail=a@b'],
  ['https://ann@shop.example:8443', 'https://shop.example:8443'],
  ['https://ann:p@ss@shop.example', 'https://shop.example'],
  ['https://shop.example/@ann', 'https://shop.example/@ann'],
  ['ann@shop.example', 'ann@shop.example'],
])('%s is shown as %s', (url, shown) => {
  expect(withoutLogin(url)).toBe(shown);
});
