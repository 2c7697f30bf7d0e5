import { describe, expect, test } from '@jest/globals';
import { readRunResult } from '@drumline/wire';
import { emptyResult, olderResult, sampleResult } from '../../../../test/support/sample-result.js';
import { renderSummary } from './summary.js';
import { widthOf } from './text.js';

const plain = { color: false, width: 80 };

describe('renderSummary', () => {
  test('is tested with results that the schema accepts', () => {
    for (const sample of [sampleResult(), emptyResult(), olderResult()])
      expect(readRunResult(sample)).toEqual({ result: sample });
  });

  test.each([80, 100, 120, 200])('fits %i columns', (width) => {
    for (const line of renderSummary(sampleResult(), { color: false, width }).split('\n')) {
      expect(widthOf(line)).toBeLessThanOrEqual(width);
    }
  });

  test('begins with the verdict and the meaning of the exit code', () => {
    const [first, facts, statuses, ...rest] = renderSummary(sampleResult(), {
      color: false,
      width: 120,
    }).split('\n');
    expect(first).toBe('✗ failed  shop.ts against https://shop.example in 10m');
    expect(facts!.trim()).toBe('693,178 requests · 1155/s · 12 interrupted');
    expect(statuses!.trim()).toBe('status 200: 668,383 · 503: 1,924 · OK: 20,795');
    const text = rest.map((line) => line.trim()).join(' ');
    expect(text).toMatch(
      /^3,988 of 693,178 requests failed \(0\.6%\), 12,001 of [\d,]+ checks failed .* exceptions?\. /,
    );
    expect(text).toContain('exit 5 worker-lost: A worker or lane was lost');
  });

  test('shows the most frequent statuses, unless all responses have the same', () => {
    const summaryOf = (statuses: Record<string, number>): string =>
      renderSummary(sampleResult({ totals: { ...sampleResult().totals, statuses } }), plain);
    const codes = Array.from({ length: 10 }, (_, i) => [String(200 + i), i + 1]);
    expect(summaryOf(Object.fromEntries(codes))).toContain('status 202: 3 · 203: 4 ·');
    expect(summaryOf(Object.fromEntries(codes))).toContain('209: 10 · +2 more');
    expect(summaryOf({ 200: 9 })).not.toContain('status 200:');
  });

  test('aligns the table to the right and ends it with the aggregated row', () => {
    const lines = renderSummary(sampleResult(), { color: false, width: 160 }).split('\n');
    const from = lines.findIndex((line) => line.startsWith('Request '));
    const table = lines.slice(from, lines.indexOf('', from));
    expect(table).toHaveLength(14);
    expect(new Set(table.map((line) => line.length)).size).toBe(1);
    expect(table.at(-1)).toMatch(/^Aggregated +693,178 +3,988 \(0\.6%\) +1155\/s +11ms +38ms +88ms +683ms$/);
  });

  test('shows the busiest lane of each lane group', () => {
    const laneGroups = ['default', 'default', 'grpc', 'grpc'];
    const workers = sampleResult().workers.map((worker) => ({ ...worker, laneGroups }));
    const text = renderSummary(sampleResult({ workers }), { color: false, width: 160 });
    expect(text).toContain('3 workers, 12 lanes · busiest lane default 97%, grpc 64% CPU');
  });

  test('shows the starts of each user type and phase', () => {
    const schedule = [
      { user: 'shopper', phase: 'warmUp', started: 1_000, late: 0, dropped: 0, skipped: 0 },
      { user: 'admin', phase: 'rate', started: 90, late: 9, dropped: 10, skipped: 1 },
    ];
    const text = renderSummary(sampleResult({ schedule }), { color: false, width: 120 });
    expect(text).toMatch(
      /Starts\n✓ warmUp · shopper {2}1,000 started\n✗ rate · admin +90 started, 10 dropped \(9\.9%\), 9 late \(10\.0%\), 1 skipped\n/,
    );
    expect(renderSummary(sampleResult(), plain)).not.toContain('Starts');
  });

  test('shortens a long name in its middle', () => {
    expect(renderSummary(sampleResult(), plain)).toMatch(/^GET \/api\/v2.*….*size=:size /m);
  });

  test('distinguishes series of one name by user and tags', () => {
    const [series] = sampleResult().series;
    const twice = [series!, { ...series!, user: 'bot', tags: { region: 'eu' } }];
    const text = renderSummary(sampleResult({ series: twice }), { color: false, width: 160 });
    expect(text).toContain('GET / [shopper]');
    expect(text).toContain('GET / [bot region=eu]');
  });

  test('has errors, exceptions, checks, metrics, workers and notes', () => {
    const text = renderSummary(sampleResult(), plain);
    expect(text).toContain('1,924 × POST /checkout: status 503 Service Unavailable');
    expect(text).toContain('at shop.ts:41:27');
    expect(text).toContain('✗ status is 200  98.3%, 12,001 failed');
    expect(text).toContain('✓ cart shows the new item  100.0% of 61,204');
    expect(text).toContain('cache hit           rate     92.9%');
    expect(text).toContain('3 workers, 12 lanes · busiest lane 97% CPU');
    expect(text).toContain('missing: w-3');
    expect(text).toContain('⚠ Lane 1 of worker w-2');
  });

  test('has a line for each kind of connection, the most frequent first', () => {
    const lines = renderSummary(sampleResult(), { color: false, width: 100 }).split('\n');
    const from = lines.findIndex((line) => line.startsWith('Connections'));
    expect(lines.slice(from, from + 5)).toEqual([
      'Connections                                opened  dns p99  tcp p50  tcp p99  tls p50  tls p99',
      'http/1.1                                    1,204    2.4ms   0.21ms    1.7ms        –        –',
      'h2 TLSv1.3 TLS_AES_256_GCM_SHA384 resumed     476    2.4ms   0.21ms    1.7ms    1.1ms    8.7ms',
      'h2 TLSv1.3 TLS_AES_256_GCM_SHA384 full          4    2.4ms   0.21ms    1.7ms    2.4ms     19ms',
      '',
    ]);
  });

  test('shows the kind of a connection in full in a narrow terminal, with fewer times', () => {
    const text = renderSummary(sampleResult(), plain);
    expect(text).toMatch(/^h2 TLSv1.3 TLS_AES_256_GCM_SHA384 resumed +476 +2.4ms +0.21ms +1.1ms$/m);
  });

  test('omits steps that no connection had', () => {
    const none = { ...sampleResult().totals.latencyMs, p50: 0, p99: 0 };
    const connections = sampleResult()
      .connections!.filter(({ handshake }) => handshake === 'none')
      .map((one) => ({ ...one, dnsMs: none }));
    const text = renderSummary(sampleResult({ connections }), plain);
    expect(text).toMatch(/^Connections +opened +tcp p50 +tcp p99$/m);
  });

  test('accepts older results without connections', () => {
    const text = renderSummary(olderResult(), plain);
    expect(text).not.toContain('Connections');
    expect(text).toContain('3 workers, 12 lanes');
  });

  test('has four lines for an empty run', () => {
    expect(renderSummary(emptyResult(), plain).trimEnd().split('\n')).toHaveLength(4);
  });

  test('shows the busiest of hundreds of series and the number of the others', () => {
    const [series] = sampleResult().series;
    const many = Array.from({ length: 300 }, (_, i) => ({ ...series!, name: `/item/${i}`, requests: i }));
    const text = renderSummary(sampleResult({ series: many }), plain);
    expect(text).toContain('+260 more');
    expect(text).toContain('/item/299');
    expect(text).not.toContain('/item/259 ');
  });

  test('removes control characters from names of the target', () => {
    const [error] = sampleResult().errors;
    const text = renderSummary(
      sampleResult({ errors: [{ ...error!, error: '\u001b[2J\u0007boo\nhoo\u009b31m' }] }),
      plain,
    );
    // oxlint-disable-next-line no-control-regex -- the test searches for control characters
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(text).toContain('boo hoo');
  });

  test('says how many starts were lost, even if the run passed', () => {
    const loss = {
      worker: 'w-1',
      host: 'load-1',
      at: '2025-03-01T14:07:00.000Z',
      reason: 'silent for 3s',
      returned: true,
      startsAtMost: 1_234,
    };
    const text = renderSummary(emptyResult({ losses: [loss] }), { color: false, width: 120 });
    expect(text).toContain('Up to 1,234 starts did not happen, happened twice, or are not counted.');
    expect(text).toContain(
      '✗ w-1 (load-1) at 14:07:00, came back: everything is counted; up to 1,234 starts missing or doubled – silent for 3s',
    );
  });

  test('says what became of rows that were used once or borrowed', () => {
    const lost = [{ worker: 'w2', lane: 0, rows: 34 }];
    const rows = [
      { table: 'vouchers.csv', use: 'once' as const, rows: 9_000, issued: 8_000, used: 7_966, lost },
      { table: 'accounts.csv', use: 'borrow' as const, rows: 5, issued: 0, used: 4_321, lost: [] },
    ];
    const text = renderSummary(emptyResult({ rows }), { color: false, width: 120 });
    expect(text).toContain(
      '! vouchers.csv  8,000 of 9,000 rows issued, 7,966 used, 34 used or not with w2/0',
    );
    expect(text).toContain('✓ accounts.csv  5 rows, borrowed 4,321 times');
  });

  test('uses colors only on request', () => {
    const escape = '\u001b[';
    expect(renderSummary(sampleResult(), plain)).not.toContain(escape);
    expect(renderSummary(sampleResult(), { ...plain, color: true })).toContain(`${escape}31m`);
  });
});
