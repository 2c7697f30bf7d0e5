// The points of seconds whose reports arrive late, as readers of the event stream see them.
import { expect, test } from '@jest/globals';
import { connect, type RunEventView } from 'drumline/client';
import { SOON } from '../support/conditions.js';
import { eventually } from '../support/drumline.js';
import { startFar } from '../support/far.js';

/** The counts of each interval, by its number, after all corrections. */
function countsOf(events: readonly RunEventView[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const event of events)
    if (event.type === 'interval' || event.type === 'correction')
      counts.set(event.number, event.point.requests);
  return counts;
}

/** The events that a reader gets at once, whose last interval has this number. */
async function missedAfter(api: string, number: number): Promise<RunEventView[]> {
  const response = await fetch(`${api}/v1/runs/current/events`, {
    headers: { 'last-event-id': String(number) },
  });
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of response.body!) {
    text += decoder.decode(bytes as Uint8Array, { stream: true });
    const events = [...text.matchAll(/^data: (.*)\n\n/gm)].map(
      ([, data]) => JSON.parse(data!) as RunEventView,
    );
    if (events.some(({ type }) => type === 'interval')) return events;
  }
  throw new Error(`the stream ended without an interval: ${text}`);
}

test('the requests of a worker that was cut off correct the intervals that have closed', async () => {
  await using far = await startFar('network cut, with a reader of the events', {
    masterArgs: SOON,
    workerArgs: ['--orphan-grace', '2s'],
  });
  const { trial, network } = far;
  const events: RunEventView[] = [];
  const following = (async () => {
    for await (const event of connect({ url: trial.cluster.api }).run().events({ reconnect: false }))
      events.push(event);
  })();
  await trial.underWay();
  network.cut();
  await trial.cluster.until(({ workers, users }) => workers.missing === 1 && users === 10);
  await far.far.prints(/load was stopped/);
  const whileCut = countsOf(events);
  const newest = Math.max(...whileCut.keys());
  network.mend();
  const gained = (event: RunEventView): boolean =>
    event.type === 'correction' && event.point.requests > (whileCut.get(event.number) ?? Infinity);
  const { number: corrected } = await eventually(
    () => events.find(gained) as Extract<RunEventView, { type: 'correction' }> | undefined,
  );
  await trial.share('far', 'near');

  // A reader that left during the cut has the old point.
  const missed = await missedAfter(trial.cluster.api, newest);
  expect(countsOf(missed).get(corrected)).toBeGreaterThan(whileCut.get(corrected)!);
  expect(missed.find(({ type }) => type === 'interval')).toMatchObject({ number: newest + 1 });

  const { timeline } = await trial.survives({ exit: 'passed', losses: 'none' });
  await following;
  const numbers = events.flatMap((event) => (event.type === 'interval' ? [event.number] : []));
  expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
  const counts = countsOf(events);
  for (const [index, { requests }] of timeline.entries())
    if (index + 1 >= numbers[0]!) expect([index + 1, counts.get(index + 1)]).toEqual([index + 1, requests]);
});
