import { describe, expect, test } from '@jest/globals';
import type { StatsView } from '@drumline/wire';
import { sampleResult } from '../../../../test/support/sample-result.js';
import { renderStats } from './stats.js';

function statsView(changes: Partial<StatsView> = {}): StatsView {
  const { timeline, connections = [], ...result } = sampleResult();
  const { totals, series, errors, checks, metrics, exceptions } = result;
  const current = timeline.at(-1)!;
  const lists = { series, errors, checks, metrics, exceptions, connections, schedule: [] };
  return { elapsedMs: 600_000, totals, current, ...lists, ...changes };
}

const plain = { color: false, width: 80 };

describe('renderStats', () => {
  test('has series, errors, checks, metrics and connections', () => {
    const text = renderStats(statsView(), plain);
    expect(text).toMatch(/^Aggregated +693,178 /m);
    expect(text).toContain('\n\nstatus 200: 668,383 · 503: 1,924 · OK: 20,795\n');
    expect(text).toContain('1,924 × POST /checkout: status 503 Service Unavailable');
    expect(text).toContain('at shop.ts:41:27');
    expect(text).toContain('✗ status is 200  98.3%, 12,001 failed');
    expect(text).toContain('cache hit           rate     92.9%');
    expect(text).toMatch(/^h2 TLSv1.3 TLS_AES_256_GCM_SHA384 full +4 /m);
  });

  test('omits empty parts', () => {
    const text = renderStats(
      statsView({ errors: [], checks: [], metrics: [], exceptions: [], connections: [] }),
      plain,
    );
    expect(text).not.toMatch(/Errors|Checks|Metrics|Connections/);
  });

  test('shows exceptions of a run without requests', () => {
    const text = renderStats(statsView({ series: [], errors: [], checks: [], metrics: [] }), plain);
    expect(text).toContain('at shop.ts:41:27');
  });

  test('reports that nothing has been counted', () => {
    expect(renderStats(statsView({ series: [], checks: [], metrics: [], exceptions: [] }), plain)).toBe(
      'Nothing has been counted yet.',
    );
  });
});
