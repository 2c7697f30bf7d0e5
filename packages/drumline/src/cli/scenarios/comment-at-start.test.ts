import { expect, test } from '@jest/globals';
import { commentAtStart } from './comment-at-start.js';

test.each([
  ['// A shop.\n// Visitors buy.\nimport x;', 'A shop. Visitors buy.'],
  ['#!/usr/bin/env drumline\n\n// A shop.\n\n// More.\n', 'A shop.'],
  ['/**\n * A shop.\n *\n * Run it with care.\n */\nimport x;', 'A shop.'],
  ['/* A shop. */ import x;', 'A shop.'],
  ['// @ts-nocheck\n// A shop.\n', 'A shop.'],
  ['// Copyright 2026 Somebody\n', ''],
  ['import x; // A shop.', ''],
  ['', ''],
])('the description of %j', (text, description) => {
  expect(commentAtStart(text)).toBe(description);
});
