// A master is replaced while programs follow the run by its taps.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { TapRecord } from '@drumline/wire';
import { requestsIn, secondsOf, TapReader } from '../support/tap-reader.js';
import { tempProjects } from '../support/temp-project.js';
import { Trial } from '../support/trial.js';

const folder = tempProjects();

/** Of records with the same number, the later one counts. */
function newest(records: readonly TapRecord[]): TapRecord[] {
  return [...new Map(records.map((record) => [record.seq, record])).values()];
}

for (const [how, losing] of [
  ['killed', 'may publish its last records again'],
  ['handed over', 'publishes each record once'],
] as const)
  test(`a run whose master is ${how} has records without gaps: it ${losing}`, async () => {
    const directory = folder({});
    const path = join(directory, 'tap.sock');
    const taps = ['--tap', `unix:${path}`, '--tap', `file:${join(directory, 'tap')}`];
    await using trial = await Trial.start(`master with taps ${how}`, {
      masterArgs: ['-t', '5m', '--on-sigterm', 'hand-over', ...taps],
    });
    const before = await TapReader.open(path, 0);
    await trial.underWay();
    await before.has(3);
    if (how === 'killed') await trial.cluster.killMaster();
    else trial.master.signal('SIGTERM');
    await trial.master.ended;
    await before.ended;
    trial.cluster.startMasterAgain();
    const after = await TapReader.open(path, before.records.at(-1)!.seq);
    await trial.share('w1', 'w2');
    await after.has(3);
    await trial.cluster.order('stop');
    const result = await trial.survives({ exit: 'stopped-early', losses: 'none' });
    await after.ended;

    const names = readdirSync(join(directory, 'tap')).filter((name) => name.endsWith('.ndjson'));
    const lines = names.sort().flatMap((name) =>
      readFileSync(join(directory, 'tap', name), 'utf8')
        .split('\n')
        .slice(0, -1),
    );
    const written = lines.map((line) => JSON.parse(line) as TapRecord);
    const records = newest(written);
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
    if (how === 'handed over') expect(written).toHaveLength(records.length);
    expect(records.filter(({ type }) => type === 'end')).toHaveLength(1);
    // The next master does not stream what the first has stored of seconds that were still open.
    const stored = 2 * Math.max(...result.timeline.map(({ requests }) => requests));
    const seen = newest([...before.records, ...after.records]);
    for (const requests of [requestsIn(records), requestsIn(seen)]) {
      expect(requests).toBeLessThanOrEqual(result.totals.requests);
      expect(requests).toBeGreaterThan(result.totals.requests - stored);
    }
    const end = records.at(-1)!;
    expect(end.type === 'end' && end.result?.totals).toEqual(result.totals);
    expect(secondsOf(records).at(-1)!.sum.fromSecond).toBeGreaterThan(0);
  });
