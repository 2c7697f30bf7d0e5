import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PrintedLines } from './printed-lines.js';
import { Redactor } from './redactor.js';

const SECRETS = {
  PASSWORD: 'p/ss wörd+1',
  TOKEN: 'abcdefghijklmnopqr',
  LONGER: 'abcdefghijklmnopqrstuvwxyz',
};
const redactor = Redactor.of(SECRETS)!;

describe('a secret is masked', () => {
  const value = SECRETS.PASSWORD;
  test.each([
    ['as it is', value],
    ['in a URL', encodeURIComponent(value)],
    ['in a path', encodeURI(value)],
    ['in a URL, in small letters', encodeURIComponent(value).replaceAll(/%../g, (hex) => hex.toLowerCase())],
    ['in a form', new URLSearchParams({ value }).toString().slice('value='.length)],
    ['in JSON', JSON.stringify(`"${value}"`)],
    ['in base64', Buffer.from(value).toString('base64')],
    ['in base64url', Buffer.from(value).toString('base64url')],
    ['as the password of basic authentication', `Basic ${Buffer.from(`me:${value}`).toString('base64')}`],
    ['in base64 after two bytes', Buffer.from(`ab${value}yz`).toString('base64')],
  ])('%s', (_where, form) => {
    const redacted = redactor.text(`before ${form} after`);
    expect(redacted).toMatch(/^before .*\[secret PASSWORD\].* after$/);
    expect(redacted).not.toContain(form);
  });

  test('anywhere in data and in the keys of tags, and nothing else changes', () => {
    const data = {
      kind: 'rate',
      name: `GET /${SECRETS.TOKEN}`,
      tags: { [SECRETS.TOKEN]: [SECRETS.TOKEN] },
      count: 3,
      bytes: new Uint8Array([1, 2]),
      none: null,
    };
    expect(redactor.data(data)).toEqual({
      ...data,
      name: 'GET /[secret TOKEN]',
      tags: { '[secret TOKEN]': ['[secret TOKEN]'] },
    });
    const clean = { name: 'GET /', list: [{ a: 1 }] };
    expect(redactor.data(clean)).toBe(clean);
  });

  test('as a whole if another secret is part of it', () => {
    expect(redactor.text(SECRETS.LONGER)).toBe('[secret LONGER]');
  });

  test('if only its beginning is left, but at least half of it', () => {
    const { LONGER } = SECRETS;
    const one = Redactor.of({ LONGER })!;
    expect(one.text(`it begins "ok ${LONGER.slice(0, 15)}"`)).toBe('it begins "ok [secret LONGER]"');
    expect(one.text(LONGER.slice(0, 5))).toBe(LONGER.slice(0, 5));
  });

  test('line by line if it has several lines', () => {
    const pem = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n';
    const lines = pem.split('\n').slice(1, 3);
    expect(Redactor.of({ KEY: pem })!.text(lines.join(' | '))).toBe('[secret KEY] | [secret KEY]');
  });

  test('but never in fields that the program itself reads', () => {
    const short = Redactor.of({ WEAK: 'pass' })!;
    expect(short.data({ verdict: 'passed', exit: 'passed', message: 'passed' })).toEqual({
      verdict: 'passed',
      exit: 'passed',
      message: '[secret WEAK]ed',
    });
  });

  test('whatever its characters, and can be revealed again', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 4, unit: 'binary' }),
        fc.string(),
        fc.string(),
        (value, before, after) => {
          fc.pre(
            !value.includes('[secret') && !`${before}${after}`.includes(value) && value.trim() === value,
          );
          const one = Redactor.of({ ONE: value })!;
          const data = { message: `${before}${value}${after}` };
          const redacted = one.data(data);
          expect(redacted.message).toContain('[secret ONE]');
          if (redacted.message === `${before}[secret ONE]${after}`)
            expect(one.reveal(redacted)).toEqual(data);
        },
      ),
    );
  });
});

test('without secrets there is no redactor', () => {
  expect(Redactor.of({})).toBeUndefined();
});

describe('printed lines', () => {
  test('are assembled from pieces of any length, without the secrets', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 20 }), (cuts) => {
        const text = `one ${SECRETS.TOKEN}\n\ntwo ${SECRETS.PASSWORD} and three`;
        const said: string[] = [];
        const lines = new PrintedLines((line) => said.push(line));
        lines.redactor = redactor;
        let from = 0;
        for (const cut of cuts.toSorted((a, b) => a - b)) {
          lines.add(text.slice(from, Math.max(from, cut)));
          from = Math.max(from, cut);
        }
        lines.add(text.slice(from));
        lines.end();
        expect(said).toEqual(['one [secret TOKEN]', 'two [secret PASSWORD] and three']);
      }),
    );
  });

  test('that are too long are cut, but never within a secret', () => {
    const said: string[] = [];
    const lines = new PrintedLines((line) => said.push(line));
    lines.redactor = redactor;
    const piece = `${'x'.repeat(997)}${SECRETS.TOKEN}`;
    for (let index = 0; index < 500; index += 1) lines.add(piece);
    expect(said.length).toBeGreaterThan(2);
    lines.end();
    expect(said.join('')).toBe(`${'x'.repeat(997)}[secret TOKEN]`.repeat(500));
  });
});
