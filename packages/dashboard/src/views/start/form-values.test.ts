import { describe, expect, test } from '@jest/globals';
import { fieldOf, labelProblem, startOf } from './form-values.js';

const NO_SECRETS = { parameters: {}, rows: [] };
const parameter = (name: string, secret = false) => ({
  name,
  kind: 'text' as const,
  required: false,
  secret,
});

describe('the form of a run', () => {
  test('sends only what was entered, and only options of the chosen load', () => {
    expect(startOf({}, [parameter('items')], NO_SECRETS)).toEqual({});
    const values = {
      load: 'rate',
      'o.rate': '200/s',
      'o.users': '5',
      'o.target': 'http://shop.example',
      'p.items': '7',
      'p.unknown': 'x',
      labels: 'branch=main, team = pay',
      workers: '2',
      wait: '30m',
      hold: 'true',
    };
    expect(startOf(values, [parameter('items')], NO_SECRETS)).toEqual({
      options: { target: 'http://shop.example', rate: '200/s' },
      parameters: { items: '7' },
      labels: { branch: 'main', team: 'pay' },
      workers: 2,
      maxWait: '30m',
      autostart: false,
    });
  });

  test('takes secrets from their fields only, never from the URL', () => {
    const secrets = { parameters: { password: 'kX9-7q' }, rows: [{ name: 'KEY', value: 'abcd' }] };
    expect(startOf({ 'p.password': 'from-a-link' }, [parameter('password', true)], secrets)).toEqual({
      parameters: { password: 'kX9-7q' },
      secrets: { KEY: 'abcd' },
    });
  });

  test.each([
    ['--param items', 'p.items'],
    ["param('items')", 'p.items'],
    ['--users', 'o.users'],
    ['--run-time', 'o.run-time'],
    ['target', 'o.target'],
    ['--max-wait', 'wait'],
    ['--secret KEY', 'secrets'],
    ['users[0].weight', undefined],
  ])('a problem of %s belongs to the field %s', (where, name) => {
    expect(fieldOf({ where, message: '' })).toBe(name);
  });

  test('labels are pairs', () => {
    expect(labelProblem('branch=main, team=pay')).toBeUndefined();
    expect(labelProblem('branch')).toBe("'branch=' is not NAME=VALUE");
  });
});
