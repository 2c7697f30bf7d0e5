import { describe, expect, test } from '@jest/globals';
import { emptyResult, sampleResult } from '../../../../test/support/sample-result.js';
import { renderCsv } from './csv.js';

const QUANTILES = '50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%';

describe('renderCsv', () => {
  test('has exactly the columns of Locust', () => {
    const tables = renderCsv(emptyResult());
    expect(headerOf(tables.stats)).toBe(
      'Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,' +
        `Max Response Time,Average Content Size,Requests/s,Failures/s,${QUANTILES}`,
    );
    expect(headerOf(tables.history)).toBe(
      `Timestamp,User Count,Type,Name,Requests/s,Failures/s,${QUANTILES},Total Request Count,Total Failure Count,` +
        'Total Median Response Time,Total Average Response Time,Total Min Response Time,Total Max Response Time,' +
        'Total Average Content Size',
    );
    expect(headerOf(tables.failures)).toBe('Method,Name,Error,Occurrences,First Seen,Last Seen');
    expect(headerOf(tables.exceptions)).toBe('Count,Message,Traceback,Nodes');
  });

  test('ends with the aggregated row and leaves cells of unknown quantiles empty', () => {
    const { totals } = sampleResult();
    const row = rowsOf(renderCsv(sampleResult()).stats).at(-1)!.split(',');
    const { p50, p90, p95, p99, p99_9, max } = totals.latencyMs;
    expect(row.slice(0, 5)).toEqual(['', 'Aggregated', `${totals.requests}`, `${totals.failures}`, `${p50}`]);
    const na = '';
    expect(row.slice(11)).toEqual([p50, na, na, na, p90, p95, na, p99, p99_9, na, max].map(String));
  });

  test('counts each status of each series in rows of their own', () => {
    const { totals, series } = sampleResult();
    const statuses = renderCsv(sampleResult()).statuses!;
    expect(headerOf(statuses)).toBe('Type,Name,Status,Request Count');
    const { statuses: ofCheckout } = series.find(({ name }) => name === '/checkout')!;
    expect(rowsOf(statuses)).toContain(`POST,/checkout,503,${ofCheckout!['503']}`);
    expect(rowsOf(statuses).slice(-3)).toEqual(
      ['200', '503', 'OK'].map((status) => `,Aggregated,${status},${totals.statuses![status]}`),
    );
    expect(renderCsv(emptyResult()).statuses).toBeUndefined();
  });

  test('leaves every quantile empty of a run without requests', () => {
    const row = rowsOf(renderCsv(emptyResult()).stats).at(-1);
    expect(row).toBe(`,Aggregated,0,0,0,0,0,0,0,0,0${','.repeat(11)}`);
  });

  test('sorts series by name as Locust does', () => {
    const rows = rowsOf(renderCsv(sampleResult()).stats);
    const names = rows.slice(0, -1).map((row) => row.split(',')[1]!);
    expect(names).toEqual(names.toSorted());
    expect(names).toHaveLength(12);
  });

  test('accumulates requests and failures by second up to the totals', () => {
    const result = sampleResult();
    const rows = rowsOf(renderCsv(result).history).map((row) => row.split(','));
    expect(rows).toHaveLength(result.timeline.length);
    expect(rows[0]!.slice(0, 6)).toEqual(['1740837909', '4', '', 'Aggregated', '10.000000', '0.000000']);
    expect(rows.at(-1)!.slice(17, 20)).toEqual([
      `${result.totals.requests}`,
      `${result.totals.failures}`,
      `${result.totals.latencyMs.p50}`,
    ]);
    expect(rows[0]!.slice(19)).toEqual(Array(5).fill(''));
  });

  test('has a row per series and second before the aggregated row, which is their sum', () => {
    const { timeline, run } = sampleResult();
    const [first, second] = timeline;
    const key = (name: string) => ({ protocol: 'http', method: 'GET', name, user: 'u', tags: [] });
    const point = (at: number, name: string, requests: number) => ({
      second: at,
      key: key(name),
      requests,
      failures: 1,
      p50Ms: 2,
      p95Ms: 3,
      p99Ms: 4,
    });
    const points = [point(0, '/b', 3), point(0, '/a', 2), point(1, '/b', 5)];
    const { history } = renderCsv(sampleResult({ timeline: [first!, second!], run }), points);
    const rows = history
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(','));
    expect(rows.map((row) => [row[2], row[3], row[4], row[17]])).toEqual([
      ['GET', '/a', '2.000000', '2'],
      ['GET', '/b', '3.000000', '3'],
      ['', 'Aggregated', `${first!.requests}.000000`, `${first!.requests}`],
      ['GET', '/b', '5.000000', '8'],
      ['', 'Aggregated', `${second!.requests}.000000`, `${first!.requests + second!.requests}`],
    ]);
    expect(rows[0]!.slice(6, 17)).toEqual(['2', '', '', '', '', '3', '', '4', '', '', '']);
    for (const row of rows) expect(row).toHaveLength(rows[0]!.length);
  });

  test.each(['=1+1', '+1', '-1+cmd', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\uFF1D1'])(
    'puts an apostrophe before text that a spreadsheet would read as a formula: %j',
    (name) => {
      const [series] = sampleResult().series;
      const { stats } = renderCsv(emptyResult({ series: [{ ...series!, name }] }));
      expect(stats).toContain(`GET,"'${name}",`);
    },
  );

  test.each(['/a=b', 'a+b', 'GET -x', "it's"])('leaves text that is not a formula unchanged: %s', (name) => {
    const [series] = sampleResult().series;
    expect(renderCsv(emptyResult({ series: [{ ...series!, name }] })).stats).toContain(`GET,${name},`);
  });

  test('quotes commas, quotes and line breaks', () => {
    const [series] = sampleResult().series;
    const name = 'link("x"),\n/a';
    const tables = renderCsv(emptyResult({ series: [{ ...series!, name }] }));
    expect(tables.stats).toContain('\r\nGET,"link(""x""),\n/a",');
  });

  test('writes failures with whole seconds and exceptions with their stacks', () => {
    const result = sampleResult();
    const { failures, exceptions } = renderCsv(result);
    expect(rowsOf(failures)).toHaveLength(result.errors.length);
    expect(failures).toMatch(
      /POST,\/checkout,status 503 Service Unavailable,\d+,2025-03-01T14:\d\d:\d\dZ,2025-/,
    );
    expect(exceptions).toContain(
      `14,TypeError: Cannot read properties of undefined (reading 'sku'),"TypeError`,
    );
  });

  test('writes the starts of loads that have any', () => {
    const schedule = [{ user: 'shopper', phase: 'rate', started: 95, late: 3, dropped: 4, skipped: 1 }];
    expect(renderCsv(emptyResult()).starts).toBeUndefined();
    expect(renderCsv(emptyResult({ schedule })).starts).toBe(
      'User,Phase,Due,Started,Late,Dropped,Skipped\r\nshopper,rate,100,95,3,4,1\r\n',
    );
  });
});

function headerOf(csv: string): string {
  return csv.split('\r\n')[0]!;
}

function rowsOf(csv: string): string[] {
  return csv.split('\r\n').slice(1, -1);
}
