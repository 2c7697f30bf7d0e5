import { expect, test } from '@jest/globals';
import { mentionedVariables, ownLines, ownWords } from './own-code.js';

const BUNDLE = `import { createRequire as __cr } from 'node:module';
// node_modules/lib/index.js
var debug = process.env.LIB_DEBUG;

// shop.ts
var stage = process.env.STAGE;
var { REGION, NAME: name = "x" } = process.env;
var listed = ["ZONE"].map((key) => process.env[key]);
var token = process.env.DRUMLINE_TOKEN;
//# sourceMappingURL=data:application/json;base64,SECRET_WORD
`;

test('own code excludes packages and the source map', () => {
  const own = ownLines(BUNDLE);
  expect(own).toHaveLength(BUNDLE.split('\n').length);
  expect(own.join('\n')).not.toMatch(/LIB_DEBUG|SECRET_WORD/);
  expect(own[5]).toBe('var stage = process.env.STAGE;');
});

test('only variables that are set and mentioned are returned, however they are read', () => {
  const environment = {
    STAGE: '1',
    REGION: '1',
    NAME: '1',
    ZONE: '1',
    LIB_DEBUG: '1',
    SECRET_WORD: '1',
    HOME: '1',
    DRUMLINE_TOKEN: '1',
  };
  expect(mentionedVariables(ownWords(ownLines(BUNDLE)), environment)).toEqual([
    'STAGE',
    'REGION',
    'NAME',
    'ZONE',
  ]);
  expect(mentionedVariables(ownWords(['// shop.ts', 'var HOME = 5;']), environment)).toEqual([]);
});
