// A master as far as its run store goes: `node store-writer.mjs DIRECTORY RUN SERIES`, RUN as JSON. Makes the run's file or takes it
// up, commits one second after the other, and says of each when it has been acknowledged, up to
// the first one that is not, and why.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createRunStore, openRunStore } from '@drumline/master/store';
import { encodeHistogram, Histogram } from '@drumline/stats';

const [directory, run, series] = process.argv.slice(2);

const latency = new Histogram();
for (let us = 1_000; us < 3_000; us += 20) latency.record(us);
const counts = { requests: 100, failures: 1, interrupted: 0, bytesSent: 10, bytesReceived: 20 };
const delta = {
  series: Array.from({ length: Number(series) }, (_, i) => ({
    key: { protocol: 'http', method: 'GET', name: `/${i}`, user: 'Buyer', tags: [] },
    ...counts,
    latency: encodeHistogram(latency),
    errors: [],
  })),
  checks: [],
  metrics: [],
  exceptions: [],
};

const { store, next } = await begin();
try {
  for (let second = next; ; second++) {
    await store.commit({ deltas: [{ second, ...delta }], run: { epoch: second } });
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
