import { env as importedEnv } from 'node:process';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { installEnvironment, watchForUnset } from './environment.js';

const real = process.env;
let read: string[];
beforeEach(() => {
  read = [];
  process.env['HERE'] = 'yes';
});
afterEach(() => {
  process.env = real;
  for (const name of ['HERE', 'GIVEN', 'SET']) delete process.env[name];
});

const watch = (...names: string[]): void => watchForUnset(names, (name) => read.push(name));

test('variables of the run override those of the machine', () => {
  installEnvironment({ HERE: 'no', GIVEN: '' });
  expect([process.env['HERE'], process.env['GIVEN']]).toEqual(['no', '']);
});

test('a missing variable is reported once when it is read', () => {
  watch('HERE', 'STAGE', 'REGION', 'NEVER');
  expect(process.env['HERE']).toBe('yes');
  expect(process.env['STAGE']).toBeUndefined();
  expect(process.env['STAGE']).toBeUndefined();
  expect('REGION' in process.env).toBe(false);
  expect(process.env['UNKNOWN']).toBeUndefined();
  expect(read).toEqual(['STAGE', 'REGION']);
});

test('a variable that the code sets is not reported', () => {
  watch('STAGE', 'SET');
  process.env['SET'] = 'a';
  process.env['SET'] = 'b';
  expect(process.env['SET']).toBe('b');
  expect(Object.keys(process.env)).toContain('SET');
  delete process.env['SET'];
  expect(process.env['SET']).toBeUndefined();
  expect(read).toEqual([]);
});

test('the environment is not changed if no variable is missing', () => {
  watch('HERE');
  expect(process.env).toBe(real);
  expect(importedEnv).toBe(real);
});
