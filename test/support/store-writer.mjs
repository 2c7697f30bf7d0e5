// Writes a run as a master does: `node store-writer.mjs DIRECTORY RUN SERIES`, with RUN as JSON.
// Creates or resumes the run file and commits one second after another. Prints each acknowledged
// second, and the first failure with its reason.
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createRunStore, openRunStore } from '@drumline/master/store';
import { encodeHistogram, Histogram } from '@drumline/stats';

const [directory, run, series] = process.argv.slice(2);

const latency = new Histogram();
for (let us = 1_000; us < 3_000; us += 20) latency.record(us);
/** Incompressible data, so that the log fills up soon and is written into the file. */
const noise = () => randomBytes(900).toString('base64');
const counts = { requests: 100, failures: 1, interrupted: 0, bytesSent: 10, bytesReceived: 20 };
const secondOf = (second) => ({
  second,
  series: Array.from({ length: Number(series) }, (_, i) => ({
    key: { protocol: 'http', method: 'GET', name: `/${i}`, user: 'Buyer', tags: [] },
    ...counts,
    latency: encodeHistogram(latency),
    errors: [{ error: noise(), occurrences: 1, firstSeenAtMs: 0, lastSeenAtMs: 0 }],
  })),
  checks: [],
  metrics: [],
  exceptions: [],
});

const { store, next } = await begin();
try {
  for (let second = next; ; second++) {
    await store.commit({ deltas: [secondOf(second)], run: { epoch: second } });
    console.log(second);
  }
} catch ({ exit, message }) {
  console.log(JSON.stringify({ exit, message }));
}

async function begin() {
  const runs = join(directory, 'runs');
  const [file] = existsSync(runs) ? readdirSync(runs).filter((name) => name.endsWith('.db')) : [];
  if (file === undefined) return { store: await createRunStore(directory, JSON.parse(run)), next: 0 };
  const { store, state } = await openRunStore(join(runs, file));
  return { store, next: [...state.deltas].length };
}
