import { describe, expect, test } from '@jest/globals';
import { HpackDecoder } from './decoder.js';

/** RFC 7541, section 6.3: a table of 256 bytes, as in appendices C.5 and C.6. */
const TABLE_OF_256 = '3fe101';

// prettier-ignore
const REQUESTS = [
  [':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'www.example.com'],
  [':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'www.example.com', 'cache-control', 'no-cache'],
  [':method', 'GET', ':scheme', 'https', ':path', '/index.html', ':authority', 'www.example.com',
    'custom-key', 'custom-value'],
];

// prettier-ignore
const RESPONSES = [
  [':status', '302', 'cache-control', 'private', 'date', 'Mon, 21 Oct 2013 20:13:21 GMT',
    'location', 'https://www.example.com'],
  [':status', '307', 'cache-control', 'private', 'date', 'Mon, 21 Oct 2013 20:13:21 GMT',
    'location', 'https://www.example.com'],
  [':status', '200', 'cache-control', 'private', 'date', 'Mon, 21 Oct 2013 20:13:22 GMT',
    'location', 'https://www.example.com', 'content-encoding', 'gzip',
    'set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
];

function decoder(limitBytes = 4096): (hex: string) => string[] | undefined {
  const hpack = new HpackDecoder(64 * 1024);
  if (limitBytes !== 4096) hpack.limit(limitBytes);
  return (hex) => {
    const block = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    return hpack.decode(block, 0, block.length);
  };
}

describe('the examples of RFC 7541, appendix C', () => {
  test.each([
    [
      'C.2.1',
      '400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572',
      ['custom-key', 'custom-header'],
    ],
    ['C.2.2', '040c 2f73 616d 706c 652f 7061 7468', [':path', '/sample/path']],
    ['C.2.3', '1008 7061 7373 776f 7264 0673 6563 7265 74', ['password', 'secret']],
    ['C.2.4', '82', [':method', 'GET']],
  ])('%s: one header', (_, block, fields) => {
    expect(decoder()(block)).toEqual(fields);
  });

  test.each([
    [
      'C.3: requests without Huffman coding',
      '',
      REQUESTS,
      [
        '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
        '8286 84be 5808 6e6f 2d63 6163 6865',
        '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
      ],
    ],
    [
      'C.4: requests with Huffman coding',
      '',
      REQUESTS,
      [
        '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
        '8286 84be 5886 a8eb 1064 9cbf',
        '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
      ],
    ],
    [
      'C.5: responses without Huffman coding, in a table of 256 bytes',
      TABLE_OF_256,
      RESPONSES,
      [
        '4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120' +
          '474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
        '4803 3330 37c1 c0bf',
        '88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738' +
          '666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33' +
          '3630 303b 2076 6572 7369 6f6e 3d31',
      ],
    ],
    [
      'C.6: responses with Huffman coding, in a table of 256 bytes',
      TABLE_OF_256,
      RESPONSES,
      [
        '4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718' +
          '63c7 8f0b 97c8 e9ae 82ae 43d3',
        '4883 640e ffc1 c0bf',
        '88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7' +
          'b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07',
      ],
    ],
  ])('%s', (_, before, lists, blocks) => {
    const decode = decoder();
    const decoded = blocks.map((block, i) => decode(i === 0 ? before + block : block));
    expect(decoded).toEqual(lists);
  });
});

describe('invalid blocks', () => {
  test.each([
    ['an index of 0', '80', 'unknown index'],
    ['an index beyond both tables', 'be', 'unknown index'],
    ['a name of an index beyond both tables', '7f00 0161', 'unknown index'],
    ['an index that was never remembered', '0001 6101 62be', 'unknown index'],
    ['a number without end', 'ffff ffff ffff ffff', 'number too large'],
    ['a number of many empty bytes', 'ff80 8080 8080 8000', 'number too large'],
    ['a number cut off', 'ff80', 'ends too early'],
    ['a name without value', '0001 61', 'ends too early'],
    ['a string longer than its block', '0005 6162', 'ends too early'],
    ['a Huffman code of padding of eight bits', '0081 ff00', 'Huffman'],
    ['a Huffman code padded with zeros', '0081 1800', 'Huffman'],
    ['a Huffman code with the end of the string inside', '0084 ffff ffff 00', 'Huffman'],
    ['a table size after a header', '8220', 'table size'],
    ['a table larger than allowed', '3fe2 1f', 'larger than allowed'],
  ])('%s', (_, block, detail) => {
    expect(() => decoder()(block)).toThrow(new RegExp(`^COMPRESSION_ERROR: .*${detail}`));
  });
});

describe('the table', () => {
  test('a peer may not use a table after its size was limited to 0', () => {
    expect(() => decoder(0)('3f01')).toThrow('larger than allowed');
  });

  test('a limit empties it even if the peer does not announce it', () => {
    const hpack = new HpackDecoder(64 * 1024);
    hpack.decode(Buffer.from('400161 0162'.replace(' ', ''), 'hex'), 0, 5);
    expect(hpack.stateless).toBe(false);
    hpack.limit(0);
    expect(hpack.stateless).toBe(true);
    expect(() => hpack.decode(Buffer.from('be', 'hex'), 0, 1)).toThrow('unknown index');
  });

  test('several sizes at the beginning of a block are allowed, and the smallest forgets', () => {
    const decode = decoder();
    decode('4001 6101 62');
    expect(decode('be')).toEqual(['a', 'b']);
    expect(() => decode('203f e11f be')).toThrow('unknown index');
  });

  test('an entry larger than the table empties it', () => {
    const decode = decoder();
    decode('3f01 4001 6101 62');
    expect(() => decode('be')).toThrow('unknown index');
  });
});

test('a header list that is too large is dropped, but the table stays correct', () => {
  const hpack = new HpackDecoder(100);
  const decode = (hex: string): string[] | undefined => {
    const block = Buffer.from(hex, 'hex');
    return hpack.decode(block, 0, block.length);
  };
  const entry = '4001610162';
  expect(decode(entry.repeat(2))).toEqual(['a', 'b', 'a', 'b']);
  expect(decode(`${entry.repeat(2)}4001630164`)).toBeUndefined();
  expect(decode('be')).toEqual(['c', 'd']);
});
