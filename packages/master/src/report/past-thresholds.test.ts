import { expect, test } from '@jest/globals';
import { parseCondition } from '@drumline/model';
import { Recorder, type IntervalDelta } from '@drumline/stats';
import type { StoredState } from '../store/run-store.js';
import { judgeOf, resumeJudge } from './past-thresholds.js';

/** Two seconds have closed. The third has counts of a worker that was early. */
const deltas = [0, 1, 2].map((second) => requestIn(second));
const condition = parseCondition('count >= 3');
const state = {
  run: { plan: { thresholds: [{ subject: { kind: 'requests' }, ...(condition as object) }] }, fromSecond: 0 },
  deltas,
  users: [
    [0, 1],
    [1, 1],
  ],
  events: [],
} as unknown as StoredState;

function requestIn(second: number): IntervalDelta {
  const recorder = new Recorder(0);
  recorder.record({
    series: { protocol: 'http', method: 'GET', name: '/', user: 'a', tags: [] },
    outcome: 'passed',
    endedAtMs: second * 1_000 + 1,
    durationUs: 1_000,
    bytesSent: 1,
    bytesReceived: 1,
  });
  return recorder.close(second * 1_000 + 2)[0]!;
}

test('a master that resumes a run judges an early count once, when its second closes', () => {
  const judge = resumeJudge(state);
  judge.add(deltas[2]!);
  judge.close(2);
  expect(judge.finish(2, 3)).toMatchObject([{ observed: 3, passed: true }]);
});

test('the result of a run that did not end judges everything that was stored', () => {
  expect(judgeOf(state).finish(2, 3)).toMatchObject([{ observed: 3, passed: true }]);
});
