import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OptionReader } from './option-reader.js';
import { OutputProblem, parseSpec, shownSpec, shownUrl } from './spec.js';

test('a specification has a name, what follows it, and options', () => {
  expect(parseSpec('prometheus')).toEqual({ name: 'prometheus', options: {} });
  expect(parseSpec('prometheus=:9464')).toEqual({ name: 'prometheus', url: ':9464', options: {} });
  expect(parseSpec('influxdb=http://h:8086/x=y?db=a%26b&token=1+2%3D&tls')).toEqual({
    name: 'influxdb',
    url: 'http://h:8086/x=y',
    options: { db: 'a&b', token: '1+2=', tls: 'true' },
  });
});

test('any options can be written', () => {
  const texts = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string());
  fc.assert(
    fc.property(texts, (options) => {
      const query = Object.entries(options).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
      expect(parseSpec(`ndjson=x?${query.join('&')}`).options).toEqual({ ...options });
    }),
  );
});

test('all problems of a text are named at once, without values', () => {
  const problems = problemsOf(() => parseSpec('Bad name=?a=1&a=s3cret&b=%zz&=s3cret'));
  expect(problems).toHaveLength(5);
  expect(problems.join()).not.toContain('s3cret');
});

test('credentials, options and fragments are not shown', () => {
  const url = 'https://user:p%40ss@host:8086/path';
  expect(shownSpec(parseSpec(`influxdb=${url}?token=s3cret`))).toBe('influxdb=https://host:8086/path');
  expect(shownUrl('user:pass@host/db#s3cret')).toBe('host/db');
  expect(shownUrl('postgres://u:p@ss@host/db')).toBe('postgres://host/db');
  expect(shownUrl('seconds.ndjson')).toBe('seconds.ndjson');
});

test('an option reader names every problem of the options', () => {
  const options = new OptionReader(parseSpec('x?flush=soon&size=0&mode=fats&tokn=s3cret&tls=maybe'));
  options.requireUrl('x=http://HOST');
  options.duration('flush', 1);
  options.wholeNumber('size', { min: 1, max: 9 }, 1);
  options.choice('mode', ['fast', 'slow'], 'slow');
  options.text('token');
  options.flag('tls');
  const problems = problemsOf(() => options.done());
  expect(problems).toHaveLength(6);
  expect(problems.join('\n')).toMatch(/did you mean fast\?[^]*no option tokn; did you mean token\?/);
  expect(problems.join()).not.toContain('s3cret');
});

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof OutputProblem) return error.problems;
    throw error;
  }
  throw new Error('there was no problem');
}
