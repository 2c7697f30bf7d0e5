import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { DrumlineError } from '@drumline/model';
import { curveKeyPair } from 'zeromq';
import { curvePublicKey } from './curve.js';
import { MasterKey, WorkerToken } from './keys.js';
import { z85 } from './z85.js';

test('Z85 encodes the example of ZeroMQ RFC 32', () => {
  expect(z85(Buffer.from('864fd26fb559f75b', 'hex'))).toBe('HelloWorld');
});

test('the public key of a secret key equals that of libzmq', () => {
  for (let n = 0; n < 20; n += 1) {
    const { publicKey, secretKey } = curveKeyPair();
    expect(z85(curvePublicKey(readZ85(secretKey)))).toBe(publicKey);
  }
});

describe('a key', () => {
  test('can be written and read, and gives the same tokens', () => {
    const key = MasterKey.generate();
    const again = MasterKey.parse(`${key.text}\n`, 'a file');
    expect(again.text).toBe(key.text);
    expect(again.workerToken.text).toBe(key.workerToken.text);
    expect(again.apiToken.text).toBe(key.apiToken.text);
    expect(again.server).toEqual(key.server);
  });

  test('differs in all parts each time', () => {
    const [one, other] = [MasterKey.generate(), MasterKey.generate()];
    const parts = [one, other].flatMap((key) => {
      const { curveServerKey, curveSecretKey } = key.workerToken.client;
      return [key.text, key.server.curveSecretKey, curveServerKey, curveSecretKey, key.apiToken.text];
    });
    expect(new Set(parts).size).toBe(parts.length);
  });

  test('and its worker token match in a CURVE connection', () => {
    const key = MasterKey.generate();
    const { curveServerKey, curvePublicKey: worker } = WorkerToken.parse(key.workerToken.text, '').client;
    expect(z85(curvePublicKey(readZ85(key.server.curveSecretKey)))).toBe(curveServerKey);
    expect(z85(key.workersPublicKey)).toBe(worker);
  });

  test('has texts without whitespace, which name its kind', () => {
    const { text, workerToken, apiToken } = MasterKey.generate();
    expect(text).toMatch(/^drumline-key-1\.[\w-]{48}$/);
    expect(workerToken.text).toMatch(/^drumline-token-1\.[\w-]{91}$/);
    expect(apiToken.text).toMatch(/^drumline-api-1\.[\w-]{48}$/);
  });

  test('reveals nothing if it is printed', () => {
    const key = MasterKey.generate();
    for (const secret of [key, key.workerToken, key.apiToken]) {
      const payload = secret.text.split('.')[1]!;
      expect(`${inspect(secret, { depth: 9, showHidden: true })} ${JSON.stringify(secret)}`).not.toContain(
        payload,
      );
      expect(inspect(secret, { depth: 9, showHidden: true })).not.toContain('Buffer');
    }
  });
});

describe('an invalid key is reported without repeating it:', () => {
  const key = MasterKey.generate();
  test.each([
    [
      'a worker token',
      key.workerToken.text,
      'drumline.key holds a worker token, but a master’s key is required',
    ],
    ['an API token', key.apiToken.text, 'drumline.key holds an API token, but a master’s key is required'],
    [
      'nothing',
      '',
      'drumline.key does not contain a Drumline credential: a master’s key starts with drumline-key-1.',
    ],
    ['a password', 'hunter2hunter2', 'drumline.key does not contain a Drumline credential'],
    ['a key of a later version', key.text.replace('-1.', '-2.'), 'a master’s key of version 2, which this'],
    ['a key that lacks its end', key.text.slice(0, -3), 'that is incomplete or mistyped'],
    ['a key with a character changed', swapLetter(key.text), 'that is incomplete or mistyped'],
    ['a key of the wrong length', 'drumline-key-1.AAAA', 'that is incomplete or mistyped'],
  ])('%s', (_, text, message) => {
    const error = thrownBy(() => MasterKey.parse(text, 'drumline.key'));
    expect(error).toMatchObject({ exit: 'usage', message: expect.stringContaining(message) });
    expect(error.hint).toContain('drumline token');
    const payload = text.split('.')[1] ?? text;
    if (payload !== '') expect(`${error.message} ${error.hint}`).not.toContain(payload);
  });
});

function swapLetter(text: string): string {
  const at = text.length - 20;
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
}

function thrownBy(act: () => unknown): DrumlineError {
  try {
    act();
  } catch (error) {
    if (error instanceof DrumlineError) return error;
  }
  throw new Error('no DrumlineError was thrown');
}

/** The inverse of `z85`, for these tests. */
function readZ85(text: string): Buffer {
  const digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';
  const bytes = Buffer.alloc((text.length / 5) * 4);
  for (let n = 0; n < text.length / 5; n += 1) {
    let value = 0;
    for (const digit of text.slice(n * 5, n * 5 + 5)) value = value * 85 + digits.indexOf(digit);
    bytes.writeUInt32BE(value, n * 4);
  }
  return bytes;
}
