import { expect, test } from '@jest/globals';
import { valuesOf } from './again.js';

const run = {
  id: 'r1',
  scenario: 'Shop',
  state: 'finished',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:01:00.000Z',
  durationMs: 60_000,
  drumline: '0.1.0',
  labels: { branch: 'main', team: 'pay' },
  parameters: { items: 5, pay: false },
};

test('a run is started again with its options, parameters and labels', () => {
  const options = {
    users: '50',
    stage: '2m:50',
    'run-time': '5m',
    target: 'http://shop.example',
    force: 'true',
  };
  expect(valuesOf({ run, options }, 'shop.ts')).toEqual({
    scenario: 'shop.ts',
    load: 'users',
    'o.users': '50',
    'o.stage': '2m:50',
    'o.run-time': '5m',
    'o.target': 'http://shop.example',
    'p.items': '5',
    'p.pay': 'false',
    labels: 'branch=main, team=pay',
  });
  expect(valuesOf({ run, options: { rate: '5/s', 'max-users': '9' } }, 'shop.ts')).toMatchObject({
    load: 'rate',
    'o.rate': '5/s',
    'o.max-users': '9',
  });
});
