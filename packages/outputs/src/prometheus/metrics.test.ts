import { expect, test } from '@jest/globals';
import { METRICS } from './metrics.js';

const UNITS = /_(seconds|bytes|ratio|info)$/;

test('names follow the rules of Prometheus', () => {
  for (const { name, type } of METRICS) {
    expect(name).toMatch(/^drumline_[a-z_]+$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    if (name.includes('duration')) expect(name).toMatch(UNITS);
  }
  expect(new Set(METRICS.map(({ name }) => name)).size).toBe(METRICS.length);
});

test('labels are valid, and none is given twice', () => {
  for (const { labels, name } of METRICS) {
    for (const label of labels) expect(label).toMatch(/^[a-z_]+$/);
    const all = ['run', 'scenario', ...labels];
    expect({ name, labels: new Set(all).size }).toEqual({ name, labels: all.length });
  }
});
