import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Plan } from '@drumline/model';
import { ARTIFACT_CHUNK_BYTES } from '@drumline/wire';
import { Offer } from './offer.js';

const plan = {} as Plan;
const code = `export default 'ü';${' '.repeat(ARTIFACT_CHUNK_BYTES)}`;
const id = createHash('sha256').update(code).digest('hex');

test('a bundle is sent in chunks that together match its hash', async () => {
  const offer = new Offer('run', { id, code }, plan);
  const offsets = [0, ARTIFACT_CHUNK_BYTES];
  const chunks = await Promise.all(
    offsets.map(async (offset) => (await offer.chunk('w1', id, offset))!.bytes),
  );
  expect(createHash('sha256').update(Buffer.concat(chunks)).digest('hex')).toBe(id);
});

test('a bundle that does not match its hash is not offered', () => {
  expect(() => new Offer('run', { id, code: `${code} ` }, plan)).toThrow(/bundle is damaged: its SHA-256/);
});
