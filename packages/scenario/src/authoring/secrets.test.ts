import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { installSecrets } from '../runtime/secrets.js';
import { secrets } from './secrets.js';

beforeEach(() => installSecrets({ PASSWORD: 'the password', TOKEN: 'the token' }));
afterEach(() => installSecrets({}));

test('secrets are available by name', () => {
  expect(secrets['PASSWORD']).toBe('the password');
  expect(['PASSWORD' in secrets, 'OTHER' in secrets]).toEqual([true, false]);
});

test('an unknown secret is an error that lists the known ones and how to set it', () => {
  expect(() => secrets['OTHER']).toThrow(
    'There is no secret OTHER. Known secrets: PASSWORD, TOKEN. Set it with --secret OTHER, which reads the environment variable OTHER, or with --secrets-file FILE.',
  );
  installSecrets({});
  expect(() => secrets['constructor']).toThrow('There is no secret constructor. No secrets are set.');
});

test('secrets cannot be listed or changed', () => {
  expect([JSON.stringify(secrets), Object.keys(secrets), { ...secrets }]).toEqual(['{}', [], {}]);
  expect(inspect(secrets, { showHidden: true, showProxy: true })).not.toContain('the password');
  expect(() => Object.assign(secrets, { PASSWORD: 'another' })).toThrow('PASSWORD cannot be set');
  expect(() => Object.defineProperty(secrets, 'NEW', { value: 'one' })).toThrow('NEW cannot be defined');
});
