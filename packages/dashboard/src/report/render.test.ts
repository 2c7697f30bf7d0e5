import { describe, expect, test } from '@jest/globals';
import { renderHtml } from '@drumline/dashboard/report';
import { shown, tableOf } from '../../../../test/support/html-report.js';
import { sampleParts } from '../../../../test/support/sample-parts.js';
import { emptyResult, olderResult, sampleResult } from '../../../../test/support/sample-result.js';
import { FOUND_LIMIT } from '../../../../test/support/found-limit.js';
import { timedSeries } from '../../../../test/support/timed-series.js';
import { sampleThresholds } from '../../../../test/support/sample-thresholds.js';

const PARTS = [
  'notes',
  'timeline',
  'series',
  'phases',
  'statuses',
  'errors',
  'exceptions',
  'checks',
  'metrics',
  'connections',
  'workers',
];

const HEADLINES = [
  'Failed',
  'shop.ts',
  'https://shop.example',
  '2025-03-01 14:05:09 UTC',
  'worker-lost',
  '693,178',
];
const DETAILS = [
  '/products/:id',
  'region=eu',
  'status 503 Service Unavailable',
  'at buy (shop.ts:41:27)',
  'lane-busy',
  'cart shows the new item',
  'time to first item',
  'load-3.internal',
  '97 %',
  'TLS_AES_256_GCM_SHA384',
];

describe('renderHtml', () => {
  test('says how many starts were lost', () => {
    const [loss] = sampleResult().losses!;
    const losses = [{ ...loss!, startsAtMost: 1_234 }];
    const page = shown(emptyResult({ losses }));
    expect(page).toContain('Up to 1,234 starts did not happen, happened twice, or are not counted.');
    expect(page).toContain('at most 1,234');
    expect(shown(sampleResult())).not.toContain('Starts missing or doubled');
  });

  test('says what became of rows that were used once or borrowed', () => {
    const lost = [{ worker: 'w2', lane: 0, rows: 1_234 }];
    const page = shown(
      emptyResult({
        rows: [
          { table: 'vouchers.csv', use: 'once', rows: 9_000, issued: 8_000, used: 6_766, lost },
          { table: 'accounts.csv', use: 'borrow', rows: 5, issued: 0, used: 4_321, lost: [] },
        ],
      }),
    );
    for (const text of ['vouchers.csv', '6,766', '1,234 with w2/0', 'borrowed 4,321 times'])
      expect(page).toContain(text);
    expect(shown(sampleResult())).not.toContain('id="rows"');
  });

  test('has the answer and the steps of a search for a limit', () => {
    const page = shown(emptyResult({ limit: FOUND_LIMIT }));
    expect(page).toContain('id="limit"');
    expect(page).toContain('The limit is 80/s: p90 &lt; 250ms did not hold at 100/s.');
    for (const text of ['60/s', '54.1 ms', '<span class="bad">413 ms</span>', 'w1 was the bottleneck'])
      expect(page).toContain(text);
    expect(shown(emptyResult({}))).not.toContain('id="limit"');
  });

  test('has every section with its content', () => {
    const page = shown(sampleResult());
    for (const part of PARTS) expect(page).toContain(`id="${part}"`);
    for (const text of [...HEADLINES, ...DETAILS]) expect(page).toContain(text);
  });

  test('has the seconds in which a worker was the bottleneck', () => {
    const cause = 'the event loop of lane 0 was late by up to 340ms';
    const untrusted = [{ worker: 'load-3', from: '2025-03-01T14:05:29.000Z', seconds: 4, cause }];
    const page = shown({ ...sampleResult(), untrusted });
    for (const text of ['id="untrusted"', cause, '2025-03-01 14:05:29 UTC']) expect(page).toContain(text);
    expect(shown(sampleResult())).not.toContain('id="untrusted"');
  });

  test('has each threshold with its figure and margin, or why it had no data', () => {
    const page = shown({ ...sampleResult(), thresholds: sampleThresholds() });
    expect(page).toContain('id="thresholds"');
    for (const text of ['p99 &lt; 300ms', '287 ms', '4.3 % below', '106 % above', '12s, first at 00:35'])
      expect(page).toContain(text);
    expect(page).toContain('ended the run');
    expect(page).toContain("did you mean 'status is 200'?");
    expect(page).toContain('2 of 3 thresholds failed');
    expect(shown(sampleResult())).not.toContain('id="thresholds"');
  });

  test('has the plan, the options, the labels and the machine of each worker', () => {
    const { run, workers } = sampleResult();
    const machine = { cpu: 'Example CPU', cores: 8, memoryBytes: 32e9, os: 'Linux 6.1 x64' };
    const page = shown(
      sampleResult({
        run: { ...run, labels: { build: '1841' } },
        plan: {
          load: { parts: sampleParts() },
          seed: 1,
          userTypes: [
            { name: 'shopper', weight: 3, tasks: ['browse', 'buy'] },
            { name: 'editor', weight: 1, tasks: ['edit'] },
          ],
          stopTimeoutMs: 30_000,
          tags: ['smoke'],
        },
        options: { users: '500', 'keep-going': 'true' },
        workers: workers.map((worker) => ({ ...worker, node: 'v20.20.0', machine })),
      }),
    );
    for (const text of [
      'id="plan"',
      'ramp to 500 users over 2m',
      'hold 500 users until stopped',
      '<strong>warmUp · editor</strong>',
      '<small class="muted">from 2m</small> hold 20 arrivals/s for 1m',
      'at random times, seed 7 · at most 40 users',
      '<small class="muted">then</small> 1,000 iterations, shared by 20 users, for at most 2m',
      'weight 3',
      'browse, buy',
      'smoke',
      '--users 500',
      '--keep-going<',
      '<dt>build</dt><dd>1841</dd>',
      'Node v20.20.0 · 8 × Example CPU · 32.0 GB · Linux 6.1 x64',
    ])
      expect(page).toContain(text);
  });

  test('shows what failed, and has a failure chart only if there were failures', () => {
    const page = shown(sampleResult());
    expect(page).toContain('3,988 of 693,178 requests failed (0.6%)');
    expect(page).toContain('id="chart-failures"');
    expect(
      renderHtml(
        emptyResult({ timeline: sampleResult().timeline.map((point) => ({ ...point, failures: 0 })) }),
      ),
    ).not.toContain('id="chart-failures"');
  });

  test('marks an incomplete last second', () => {
    const { run, timeline } = sampleResult();
    expect(shown(sampleResult())).not.toContain('The last second (shaded)');
    const cut = sampleResult({ run: { ...run, durationMs: run.durationMs - 600 }, timeline });
    expect(shown(cut)).toContain('The last second (shaded) lasted only 400 ms');
  });

  test('omits empty sections', () => {
    const page = shown(emptyResult());
    for (const part of PARTS) expect(page).not.toContain(`id="${part}"`);
    expect(page).toContain('Passed');
  });

  test('shows the phases of each series as parts of its response time', () => {
    const [first, second] = sampleResult().series;
    const phasesMs = { queued: 0, connect: 1, send: 0.25, wait: 12, receive: 1 };
    const series = [
      { ...first!, latencyMs: { ...first!.latencyMs, mean: 16 }, phasesMs },
      { ...second!, phasesMs: undefined },
    ];
    const table = tableOf(shown(sampleResult({ series })), 'phases');
    expect(table.match(/<tr>/g)).toHaveLength(3);
    expect(table).toContain('>12.0 ms<');
    const parts = [...table.matchAll(/<rect class="(\w+)" x="[\d.]+" width="([\d.]+)"/g)].slice(0, 4);
    expect(parts.map(([, phase, percent]) => [phase, Number(percent)])).toEqual([
      ['connect', 6.3],
      ['send', 1.6],
      ['wait', 75],
      ['receive', 6.3],
    ]);
  });

  test('shows service times and the late phase if iterations began late', () => {
    const { series, totals } = sampleResult();
    expect(shown(sampleResult())).not.toMatch(/id="service"|>Late</);
    const serviceMs = { ...totals.latencyMs, p99: 7 };
    const phasesMs = { late: 3, queued: 0, connect: 0, send: 0, wait: 12, receive: 1 };
    const late = { ...series[0]!, serviceMs, phasesMs };
    const page = shown(
      sampleResult({ totals: { ...totals, serviceMs, phasesMs }, series: [late, series[1]!] }),
    );
    expect(tableOf(page, 'service').match(/>7.00 ms</g)).toHaveLength(2);
    expect(tableOf(page, 'phases')).toContain('>3.00 ms<');
  });

  test('shows connections by kind, the most frequent first, and TLS columns only if needed', () => {
    const page = shown(sampleResult());
    const opened = [...tableOf(page, 'connections').matchAll(/([\d,]+)<svg class="share"/g)];
    expect(opened.map(([, count]) => count)).toEqual(['1,204', '476', '4']);
    const plain = sampleResult().connections!.filter(({ handshake }) => handshake === 'none');
    const table = tableOf(shown(sampleResult({ connections: plain })), 'connections');
    expect(table).toContain('TCP p50');
    expect(table).not.toMatch(/TLS|Cipher|Handshake/);
  });

  test('renders an older result without phases, statuses and connections', () => {
    const page = shown(olderResult());
    for (const part of PARTS) {
      const isNew = ['phases', 'statuses', 'connections'].includes(part);
      expect([part, page.includes(`id="${part}"`)]).toEqual([part, !isNew]);
    }
  });

  test('shows the names of lane groups before their lanes, if there are groups', () => {
    const [worker] = sampleResult().workers;
    const lanesWith = (laneGroups?: string[]): string =>
      tableOf(shown(sampleResult({ workers: [{ ...worker!, laneGroups }] })), 'workers')
        .replaceAll(/<[^>]*>/g, ' ')
        .replaceAll(/\s+/g, ' ');
    expect(lanesWith(['default', 'default', 'grpc', 'grpc'])).toContain('default 61 % 58 % grpc 64 % 60 %');
    expect(lanesWith(['default', 'default', 'default', 'default'])).toContain(' 61 % 58 % 64 % 60 %');
    expect(lanesWith()).not.toContain('default');
  });

  test('explains the exit code, and accepts unknown ones', () => {
    expect(shown(sampleResult())).toContain('A worker or lane was lost during the run');
    expect(shown(sampleResult({ exit: 'constructor' }))).toContain('<strong>constructor</strong>');
  });

  test('has small charts of its ten busiest series, and says for which series it has none', () => {
    const result = sampleResult();
    const timed = timedSeries(result, 10);
    const page = shown(result, timed);
    expect(page).toContain('Charts of the 10 busiest series');
    const pictures = /<details class="card busiest[^]*?<\/details>/.exec(page)![0];
    expect(pictures.match(/<svg class="svg-chart"/g)).toHaveLength(20);
    expect(pictures).not.toMatch(/NaN|Infinity|undefined/);
    expect(page).not.toMatch(/Charts over time:|There are no charts of single series/);
    expect(shown(result, timed.slice(0, 3))).toContain('Charts over time: the 3 busiest of 12 series.');
    expect(shown(result)).toContain('There are no charts of single series over time');
  });

  test('grows by at most 1 MiB for the charts of 100 series over six hours', () => {
    const { run, series, ...rest } = sampleResult();
    const many = Array.from({ length: 100 }, (_, i) => ({ ...series[i % 12]!, name: `/item/${i}` }));
    const result = { ...rest, run: { ...run, durationMs: 21_600_000 }, series: many };
    const added = renderHtml(result, timedSeries(result, 108)).length - renderHtml(result).length;
    expect(added).toBeLessThan(2 ** 20);
  });

  test('stays small with hundreds of series', () => {
    const [series] = sampleResult().series;
    const many = Array.from({ length: 500 }, (_, i) => ({ ...series!, name: `/item/${i}` }));
    const page = renderHtml(sampleResult({ series: many }));
    expect(page.length).toBeLessThan(1_700_000);
    expect(page).toContain('/item/499');
  });
});
