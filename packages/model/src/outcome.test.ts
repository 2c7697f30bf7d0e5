import { describe, expect, test } from '@jest/globals';
import { outcomeLine, reasonsOf } from './outcome.js';

/** `failures/requests`, checks as `fails/all`, number of exceptions. */
function judged(requests: string, checks: readonly string[] = [], thrown = 0, interrupted = 0) {
  const [failures, all] = numbers(requests);
  return {
    exit: 'requests-failed',
    totals: { requests: all, failures, interrupted },
    checks: checks.map((text, i) => {
      const [fails, of] = numbers(text);
      return { name: `check ${i + 1}`, passes: of - fails, fails };
    }),
    exceptions: thrown > 0 ? [{ occurrences: thrown }] : [],
    notes: [],
  };
}

function numbers(text: string): [number, number] {
  const [part, whole] = text.split('/').map(Number);
  return [part!, whole!];
}

describe('the line of the outcome', () => {
  test.each([
    ['all 1,200 requests succeeded', judged('0/1200')],
    ['all 1 request succeeded', judged('0/1')],
    ['12 of 1,200 requests failed (1.0%)', judged('12/1200')],
    ['1 of 100,000 requests failed (<0.1%)', judged('1/100000')],
    ['99,999 of 100,000 requests failed (>99.9%)', judged('99999/100000')],
    ["3 of 1,200 checks failed ('check 1'); all 1,200 requests succeeded", judged('0/1200', ['3/1200'])],
    [
      "6 of 20 checks failed ('check 2' and 1 more); all 10 requests succeeded",
      judged('0/10', ['1/10', '5/10']),
    ],
    ['the scenario threw 1 exception; all 10 requests succeeded', judged('0/10', [], 1)],
    ['the scenario threw 38,566 exceptions; no requests were made', judged('0/0', [], 38_566)],
    [
      "1 of 10 requests failed (10.0%), 2 of 10 checks failed ('check 1'), the scenario threw 4 exceptions",
      judged('1/10', ['2/10'], 4),
    ],
    ['no requests were made', judged('0/0')],
    ['all 7 finished requests succeeded', judged('0/10', [], 0, 3)],
    ['none of 3 requests finished', judged('0/3', [], 0, 3)],
  ])('%s', (line, result) => {
    expect(outcomeLine(result)).toBe(line);
  });
});

describe('reasons', () => {
  test('are empty for a run that passed', () => {
    expect(reasonsOf({ ...judged('0/10', ['0/10']), exit: 'passed' })).toEqual([]);
  });

  test('name each kind of failure with its count', () => {
    const reasons = reasonsOf(judged('1/10', ['2/10', '1/4'], 5));
    expect(reasons.map(({ code, count }) => [code, count])).toEqual([
      ['requests-failed', 1],
      ['checks-failed', 3],
      ['exceptions', 5],
    ]);
  });

  test('start with the note about how the run ended', () => {
    const notes = [{ code: 'stopped-early', message: 'The run was stopped by hand after 12s of 2m.' }];
    const [first, second] = reasonsOf({ ...judged('1/10'), exit: 'interrupted', notes });
    expect(first).toEqual({ code: 'interrupted', message: notes[0]!.message });
    expect(second!.code).toBe('requests-failed');
    const [bare] = reasonsOf({ ...judged('0/10'), exit: 'worker-lost' });
    expect(bare!.message).toMatch(/^A worker or lane was lost/);
  });

  test('name the starts that were lost, even of a run that passed', () => {
    const losses = [{ startsAtMost: 1_200 }, {}, { startsAtMost: 34 }];
    const message = 'Up to 1,234 starts did not happen, happened twice, or are not counted.';
    const lost = { code: 'starts-lost', count: 1_234, message };
    expect(reasonsOf({ ...judged('0/10'), exit: 'passed', losses })).toEqual([lost]);
    expect(reasonsOf({ ...judged('1/10'), losses }).at(-1)).toEqual(lost);
    expect(reasonsOf({ ...judged('0/10'), exit: 'passed', losses: [{}] })).toEqual([]);
  });

  test('of an unfinished run do not claim that it was interrupted', () => {
    const notes = [{ code: 'unfinished', message: 'The run did not end.' }];
    const [first] = reasonsOf({ ...judged('0/10'), exit: 'interrupted', notes });
    expect(first!.message).toBe('The run did not end.');
  });
});
