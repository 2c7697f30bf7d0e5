import { expect, test } from '@jest/globals';
import { looksLikeId } from './ids.js';
import { camelCase, singular, upperCase, wordsOf } from './words.js';

test.each([
  ['orderItem_id', 'orderItemId', 'ORDER_ITEM_ID'],
  ['XMLHttpRequest', 'xmlHttpRequest', 'XML_HTTP_REQUEST'],
  ['user[first name]', 'userFirstName', 'USER_FIRST_NAME'],
  ['3d-model', '_3dModel', '_3D_MODEL'],
  ['straße é', 'straEE', 'STRA_E_E'],
  ['日本', 'value', 'VALUE'],
])('%s in camel case and upper case', (name, camel, upper) => {
  expect(camelCase(wordsOf(name))).toBe(camel);
  expect(upperCase(wordsOf(name))).toBe(upper);
});

test.each([
  ['products', 'product'],
  ['categories', 'category'],
  ['movies', 'movie'],
  ['addresses', 'address'],
  ['boxes', 'box'],
  ['shelves', 'shelf'],
  ['people', 'person'],
  ['status', 'status'],
  ['news', 'news'],
  ['analysis', 'analysis'],
  ['cart', 'cart'],
])('the singular of %s is %s', (many, one) => expect(singular(many)).toBe(one));

test.each([
  '7',
  '3b241101-e2bb-4255-8caf-4136c566a962',
  '507f1f77bcf86cd799439011',
  'ord_4f9d21b07ac3e856',
  'V1StGXR8_Z5jdHi6B-myT',
])('%s looks like an id', (text) => expect(looksLikeId(text)).toBe(true));

test.each([
  'products',
  'blue-shirt-42',
  'how-to-make-10-things',
  'v2',
  'defaced',
  'index.html',
  'en-GB',
  'iPhone15',
])('%s does not look like an id', (text) => expect(looksLikeId(text)).toBe(false));
