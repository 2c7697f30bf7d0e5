import { expect, test } from '@jest/globals';
import { placeOf } from './stack-place.js';

test.each([
  ['shop.ts:41:27', 'TypeError: x\n    at buy (shop.ts:41:27)\n    at next (shop.ts:2:1)'],
  ['shop.ts:18:12', 'SyntaxError: x\n    at JSON.parse (<anonymous>)\n    at Object.parse (shop.ts:18:12)'],
  ['lib/a.ts:3:1', 'Error\n    at async lib/a.ts:3:1'],
  [
    'own.ts:9:3',
    'E\n    at f (node:internal/x:1:1)\n    at g (/a/node_modules/b/c.js:2:2)\n    at own.ts:9:3',
  ],
  ['own file.ts:9:3', 'E\n    at g (own file.ts:9:3)'],
  [undefined, 'a text that was thrown'],
  [undefined, ''],
  [undefined, 'Error: x\n    at JSON.parse (<anonymous>)'],
])('%s', (place, stack) => {
  expect(placeOf(stack)).toBe(place);
});
