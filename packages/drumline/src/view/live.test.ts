import { describe, expect, test } from '@jest/globals';
import type { StageView, WorkerView } from '@drumline/wire';
import { sampleResult } from '../../../../test/support/sample-result.js';
import { renderLive } from './live.js';
import { DEFAULT_CHOICES, type LiveModel } from './model.js';
import { renderPlain } from './plain.js';
import { widthOf } from './text.js';

const wide = { color: false, width: 100 };

describe('renderLive', () => {
  test.each([
    [60, 20],
    [80, 24],
    [120, 40],
    [40, 8],
    [200, 50],
  ])('fits %i columns and %i rows with every part filled', (width, rows) => {
    const workers = Array.from({ length: 20 }, (_, i) => worker(`load-${i}`));
    const notes = [1, 2, 3].map((n) => ({ code: 'lane-busy', message: `note ${n} `.repeat(40) }));
    const lines = renderLive({ ...model({ notes }), workers }, { color: false, width, rows });
    expect(lines.length).toBeLessThan(rows);
    expect(lines[0]).toContain('● running');
  });

  test('shows the most important parts in little room, and all parts in much room', () => {
    const text = renderLive(model(), { color: false, width: 100, rows: 70 }).join('\n');
    for (const words of ['GET /products', 'load-1', '✗ status is 200', 'PUT /admin', '1 always passed'])
      expect(text).toContain(words);
    const small = renderLive(model(), { color: false, width: 100, rows: 20 }).join('\n');
    expect(small).toContain('(newest, ');
    expect(small).toContain('POST /checkout');
    expect(small).not.toContain('load-1');
  });

  test('draws rate and p95 of the last minute where there is room, and never more than that', () => {
    const seconds = Array.from({ length: 60 }, (_, n) => ({ requests: n, failures: 0, p95Ms: 60 - n }));
    const drawn = (rows: number): string[] =>
      renderLive({ ...model(), seconds }, { color: false, width: 100, rows }).filter((line) =>
        line.includes('│'),
      );
    expect(drawn(24)).toEqual([]);
    const lines = drawn(70);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^59\/s │ +▁.*█ +60ms │█/);
    expect(lines[3]).toMatch(/^ 0\/s │.* 0ms │/);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(100);
  });

  test.each([24, 50])('uses all %i lines while rows are omitted', (rows) => {
    const lines = renderLive(model(), { color: false, width: 100, rows });
    if (lines.some((line) => line.startsWith('+'))) expect(lines.length).toBeGreaterThanOrEqual(rows - 2);
  });

  test('puts failing requests first, then slow ones; other orders by choice', () => {
    const firstOf = (sort: 'failing' | 'slow' | 'busy' | 'name') => {
      const lines = renderLive(model(), wide, { ...DEFAULT_CHOICES, sort });
      return lines[lines.findIndex((line) => line.startsWith('Request ')) + 1]!.split('  ')[0];
    };
    expect([firstOf('failing'), firstOf('slow'), firstOf('busy'), firstOf('name')]).toEqual([
      'POST /checkout',
      'POST /login',
      'GET /products',
      'GET /',
    ]);
  });

  test.each([40, 80, 200])('shows exceptions in full at %i columns, with their place', (width) => {
    const message = `The order failed: ${'reason '.repeat(12)}END`;
    const { exceptions } = sampleResult();
    const thrown = { ...exceptions[0]!, message, place: 'shop.ts:41:27', lastSeenAt: '2099-01-01T00:00:00Z' };
    const text = renderLive(
      { ...model({ failed: { requests: 0, checks: 0, exceptions: 9 } }), exceptions: [thrown] },
      { color: false, width, rows: 60 },
    ).join(' ');
    expect(text).toContain('exceptions 9');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(`at shop.ts:41:27: ${message}`);
  });

  test('shows the stage of each part of the load', () => {
    const stage: StageView = {
      phase: '',
      userTypes: ['shopper', 'admin'],
      kind: 'users',
      number: 1,
      stages: 2,
      from: 0,
      to: 500,
      elapsedMs: 40_000,
      durationMs: 120_000,
    };
    const ramp = 'ramp to 500 users, 40s of 2m, stage 1 of 2';
    expect(renderLive(model({ stages: [stage] }), wide)[2]).toBe(ramp);
    const stages = [
      { ...stage, userTypes: ['shopper'] },
      { ...stage, userTypes: ['admin'], kind: 'arrivals' as const, phase: 'rate', from: 500, stages: 1 },
    ];
    expect(renderLive(model({ stages }), wide).slice(2, 4)).toEqual([
      `shopper: ${ramp}`,
      'admin: rate: hold 500 arrivals/s, 40s of 2m',
    ]);
    const many = Array.from({ length: 5 }, () => stage);
    expect(renderLive(model({ stages: many }), wide).slice(2, 6)).toEqual([ramp, ramp, '+3 more', '']);
  });

  test('counts requests by status in one line', () => {
    const line = renderLive(model(), wide).find((one) => one.startsWith('status '));
    expect(line).toBe('status 200: 668,383 · 503: 1,924 · OK: 20,795');
  });

  test('lists the keys if they are read', () => {
    expect(renderLive(model(), wide).join('\n')).not.toContain('q stop');
    const keys = { ...DEFAULT_CHOICES, keys: true };
    expect(renderLive(model(), wide, keys).at(-1)).toMatch(/^\? keys · q stop · p pause /);
    expect(renderLive(model({ paused: true }), wide, keys).at(-1)).toContain('p resume');
    expect(renderLive(model(), wide, { ...keys, help: true }).join('\n')).toContain(
      'stop the run gracefully',
    );
  });

  test('uses the width of a large terminal: requests and workers side by side', () => {
    const lines = renderLive(model(), { color: true, width: 200, rows: 50 });
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(200);
    expect(lines.some((line) => line.includes('GET /') && /load-1|always/.test(line))).toBe(true);
  });

  test('omits response times without requests', () => {
    const current = { ...model().current, requests: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0 };
    expect(renderLive({ ...model(), current }, wide).join('\n')).toMatch(/p50 – +p95 – +p99 –/);
  });

  test.each([60, 80, 120])('fits %i columns', (width) => {
    const workers = [
      worker('a-worker-with-a-rather-long-name', { lanes: [lane({ stalledMs: 120_000 }), lane()] }),
    ];
    for (const line of renderLive({ ...model(), workers }, { color: false, width }))
      expect(widthOf(line)).toBeLessThanOrEqual(width);
  });

  test('shows state, progress, users, rate, failures and response times of the last second', () => {
    const text = renderLive(model(), wide).join('\n');
    expect(text).toContain('● running  shop.ts → https://shop.example');
    expect(text).toContain('00:15 / 01:00  25%');
    expect(text).toMatch(/users 480 of 500 +requests 693,178 +failures 3,988 \(0\.6%\)/);
    expect(text).toMatch(/rate 151\/s +p50 3\.1ms +p95 9\.0ms +p99 14ms/);
  });

  test('fills the progress bar in proportion to the elapsed time', () => {
    const bar = (elapsedMs: number) => renderLive(model({ elapsedMs }), wide)[1]!.match(/█/g)?.length ?? 0;
    expect(bar(0)).toBe(0);
    expect(bar(30_000)).toBe(30);
    expect(bar(90_000)).toBe(60);
  });

  test('marks a run without a planned end', () => {
    expect(renderLive(model({ plannedMs: null }), wide)[1]).toBe('00:15 elapsed, until stopped');
  });

  test('draws the rate of the last minute', () => {
    const rates = [999, ...Array.from({ length: 60 }, (_, second) => second)];
    const seconds = rates.map((requests) => ({ requests, failures: 0, p95Ms: 1 }));
    const line = renderLive({ ...model(), seconds }, wide).find((text) => text.includes('requests, max'))!;
    expect(line).toMatch(/^▁{8}.*█{7,8} requests, max 59\/s$/);
  });

  test('shows a stalled lane and a missing worker', () => {
    const stalled = worker('load-1', { lanes: [lane(), lane({ stalledMs: 12_000 })] });
    const missing = worker('load-2', { state: 'missing', silentMs: 5_200 });
    const lines = renderLive({ ...model(), workers: [stalled, missing] }, wide);
    expect(lines.find((line) => line.startsWith('load-1'))).toContain('1 of 2 stalled 12s');
    expect(lines.find((line) => line.startsWith('load-2'))).toContain('missing 5s');
  });

  test('shows as many workers as fit, those with problems first, and the number of the others', () => {
    const workers = Array.from({ length: 40 }, (_, i) =>
      worker(`load-${i}`, i === 39 ? { state: 'missing' } : {}),
    );
    const lines = renderLive({ ...model(), workers }, { ...wide, rows: 60 });
    const shown = lines.filter((line) => line.startsWith('load-')).length;
    expect(shown).toBeGreaterThan(8);
    expect(lines.some((line) => line.startsWith('load-39'))).toBe(true);
    expect(lines).toContain(`+${40 - shown} more`);
  });

  test('shows the latest notes', () => {
    const notes = [1, 2, 3, 4].map((n) => ({ code: 'lane-busy', message: `note ${n}` }));
    const text = renderLive(model({ notes }), wide).join('\n');
    expect(text).not.toContain('note 1');
    expect(text).toContain('⚠ note 4');
  });

  test('shows what the run waits for', () => {
    expect(renderLive(model({ state: 'gathering', waitingFor: '2 more workers' }), wide)[0]).toContain(
      '● gathering  shop.ts → https://shop.example, waiting for 2 more workers',
    );
  });
});

describe('the starts of a rate', () => {
  const starts = { started: 198, late: 3, dropped: 0, skipped: 0 };
  const schedule = [
    { user: 'shopper', phase: '', started: 3_000, late: 3, dropped: 12, skipped: 0 },
    { user: 'admin', phase: '', started: 5, late: 1, dropped: 0, skipped: 0 },
  ];
  const withRate = (): LiveModel => {
    const { current, ...rest } = model({ plannedRate: 200, plannedUsers: 0 });
    return { ...rest, current: { ...current, starts }, schedule };
  };

  test('are in the head, as planned and as they are', () => {
    const text = renderLive(withRate(), wide).join('\n').replaceAll(/ +/g, ' ');
    expect(text).toContain('starts 198/s of 200/s dropped 12 late 4');
    expect(renderLive(model(), wide).join('\n')).not.toContain('starts');
  });

  test('are in the plain line', () => {
    expect(renderPlain(withRate())).toContain(
      ' users 480 starts 198/s of 200/s dropped 12 late 4 rate 151/s ',
    );
  });
});

describe('renderPlain', () => {
  test('is one line with all figures', () => {
    expect(renderPlain(model())).toBe(
      '00:15/01:00 running users 480/500 rate 151/s failures 3,988 (0.6%) p50 3.1ms p95 9.0ms p99 14ms workers 2/2',
    );
  });

  test('shows that the run is paused, and what it waits for', () => {
    expect(renderPlain(model({ paused: true }))).toContain(' paused users');
    expect(renderPlain(model({ waitingFor: '1 more worker' }))).toMatch(/waiting for 1 more worker$/);
  });
});

function model(status: Partial<LiveModel['status']> = {}): LiveModel {
  return {
    status: {
      runId: '01JN8Y3QW7',
      scenario: 'shop.ts',
      target: 'https://shop.example',
      state: 'running',
      paused: false,
      elapsedMs: 15_000,
      plannedMs: 60_000,
      users: 480,
      plannedUsers: 500,
      busiestLanePercent: 2.5,
      placedUsers: 500,
      cutOffUsers: 0,
      quantilesEverySeconds: 1,
      workers: { connected: 2, expected: 2, missing: 0 },
      address: 'tcp://127.0.0.1:5557',
      badFrames: 0,
      refusedWorkers: 0,
      refusals: {},
      stages: [],
      failed: { requests: 3_988, checks: 0, exceptions: 0 },
      notes: sampleResult().notes,
      ...status,
    },
    current: {
      at: '2025-03-01T14:05:24Z',
      users: 480,
      requests: 151,
      failures: 0,
      p50Ms: 3.1,
      p95Ms: 9,
      p99Ms: 14,
    },
    totals: sampleResult().totals,
    series: sampleResult().series,
    errors: sampleResult().errors,
    checks: sampleResult().checks,
    exceptions: sampleResult().exceptions,
    schedule: [],
    workers: [worker('load-1'), worker('load-2')],
    seconds: sampleResult().timeline,
  };
}

function worker(name: string, changes: Partial<WorkerView> = {}): WorkerView {
  return {
    id: `id-${name}`,
    name,
    host: `${name}.internal`,
    pid: 1,
    version: '0.1.0',
    state: 'running',
    silentMs: 200,
    users: 240,
    requests: 4_000,
    cpuPercent: 3,
    memoryBytes: 1e8,
    loopDelayMs: 0.8,
    lanes: [lane(), lane()],
    ...changes,
  };
}

function lane(changes: Partial<WorkerView['lanes'][number]> = {}): WorkerView['lanes'][number] {
  return {
    lane: 0,
    group: 'default',
    state: 'running',
    users: 120,
    cpuPercent: 43,
    busyPercent: 52,
    memoryBytes: 1e8,
    loopDelayMs: 1.2,
    stalledMs: 0,
    ...changes,
  };
}
