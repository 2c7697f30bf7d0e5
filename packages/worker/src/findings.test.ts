import { expect, test } from '@jest/globals';
import { Findings } from './findings.js';

test('findings of a kind and subject add up until they are handed over', () => {
  const findings = new Findings();
  findings.add({ kind: 'unset-variable', subject: 'A', count: 1 });
  findings.add({ kind: 'unset-variable', subject: 'B', count: 1 });
  findings.add({ kind: 'unset-variable', subject: 'A', count: 4 });
  expect(findings.take()).toEqual([
    { kind: 'unset-variable', subject: 'A', count: 5 },
    { kind: 'unset-variable', subject: 'B', count: 1 },
  ]);
  expect(findings.isEmpty).toBe(true);
});

test('their number is bounded', () => {
  const findings = new Findings();
  findings.add({ kind: 'unset-variable', subject: 'x'.repeat(1_000), count: 1 });
  expect(findings.take()[0]!.subject).toHaveLength(256);
  for (let i = 0; i < 2_000; i += 1) findings.add({ kind: 'unset-variable', subject: `V${i}`, count: 1 });
  expect(findings.take()).toHaveLength(1_000);
});
