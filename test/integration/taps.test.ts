// Taps offer the seconds of a run to programs while it runs. What they have received adds up to the
// report and to the count of the target.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { Subscriber } from 'zeromq';
import { startTarget } from '../../scripts/dist/demo/target.js';
import type { RunResult, TapEnd, TapRecord } from '../../packages/wire/dist/index.js';
import { Drumline, eventually, scenarioPath } from '../support/drumline.js';
import { freePort } from '../support/processes.js';
import { pathOf } from '../support/programs.js';
import { requestsIn, secondsOf, TapReader } from '../support/tap-reader.js';
import { tempProjects } from '../support/temp-project.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/taps/', import.meta.url));
const hasPython = pathOf('python3') !== undefined;
const folder = tempProjects();

function linesOf(text: string): TapRecord[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as TapRecord);
}

function endOf(records: readonly TapRecord[]): TapEnd {
  const end = records.at(-1);
  if (end?.type !== 'end') throw new Error(`the last record is ${end?.type}`);
  return end;
}

const lateIn = (end: TapEnd): number => end.late?.totals.requests ?? 0;

/** What an example prints. */
async function printed(...args: readonly string[]): Promise<string> {
  const reader = spawn('python3', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  reader.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(reader, 'close');
  return text;
}

/** The requests of all seconds that an example has printed. */
function requestsOf(text: string): number {
  const pairs = [...text.matchAll(/\b(?:requests|late_requests)=(\d+)/g)];
  return pairs.reduce((sum, [, requests]) => sum + Number(requests), 0);
}

/** The same of an example that reads shared memory. */
async function readShm(name: string): Promise<number> {
  await eventually(() => (existsSync(`/dev/shm/${name}`) ? true : undefined));
  return requestsOf(await printed(join(EXAMPLES, 'read_shm.py'), name));
}

test('the records of all taps add up to the report and to the count of the target', async () => {
  const target = await startTarget();
  const directory = folder({});
  const [path, result] = [join(directory, 'tap.sock'), join(directory, 'result.json')];
  const [zmq, shm] = [`tcp://127.0.0.1:${await freePort()}`, `drumline-test-${process.pid}`];
  const taps = [`unix:${path}`, `file:${join(directory, 'tap')}`, `shm:${shm}?remove`, `zmq:${zmq}`];
  const flags = ['-H', target.url, '-u', '10', '-t', '4s', '--no-html', '--no-api', '--json', result];
  await using run = new Drumline([
    'run',
    scenarioPath('quick'),
    ...flags,
    ...taps.flatMap((tap) => ['--tap', tap]),
  ]);
  using subscriber = new Closing(new Subscriber());
  subscriber.socket.connect(zmq);
  subscriber.socket.subscribe('end');
  const published = subscriber.socket.receive();
  const inMemory = hasPython ? readShm(shm) : undefined;
  const followed = hasPython ? printed(join(EXAMPLES, 'read_unix.py'), path) : undefined;

  const steady = await TapReader.open(path, 0);
  const killed = await TapReader.open(path, 0);
  await killed.has(1);
  killed.socket.destroy();
  await steady.has(3);
  const resumed = await TapReader.open(path, killed.records.at(-1)!.seq);
  expect(await run.ended).toMatchObject({ code: 0 });
  await target.close();
  await Promise.all([steady.ended, resumed.ended]);

  const { totals } = JSON.parse(readFileSync(result, 'utf8')) as RunResult;
  expect(totals.requests).toBe(target.count);
  const files = readdirSync(join(directory, 'tap')).filter((name) => name.endsWith('.ndjson'));
  const inFiles = linesOf(files.map((name) => readFileSync(join(directory, 'tap', name), 'utf8')).join(''));
  for (const records of [steady.records, [...killed.records, ...resumed.records], inFiles]) {
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
    expect(requestsIn(records)).toBe(target.count);
    const end = endOf(records);
    expect(end.result!.totals).toEqual(totals);
    expect(secondsOf(records).at(-1)!.sum.requests + lateIn(end)).toBe(target.count);
  }
  const [topic, json] = await published;
  expect(topic!.toString()).toBe('end');
  expect(JSON.parse(json!.toString())).toEqual(inFiles.at(-1));
  if (hasPython) {
    const late = lateIn(endOf(inFiles));
    expect((await inMemory!) + late).toBe(target.count);
    const text = await followed!;
    expect(requestsOf(text) + late).toBe(target.count);
    expect(text).toMatch(new RegExp(`passed total=${target.count}\\n$`));
  }
  expect(existsSync(path)).toBe(false);
  rmSync(`/dev/shm/${shm}`, { force: true });
});

test('taps that cannot be used are refused before anything starts, all at once', async () => {
  const taps = ['zmq:tcp://0.0.0.0:5560', 'shm:a/b', 'file:x?filse=3'];
  const flags = ['-H', 'http://127.0.0.1:9', '--no-html', '--no-api'];
  const all = taps.flatMap((tap) => ['--tap', tap]);
  await using run = new Drumline(['run', scenarioPath('quick'), ...flags, ...all]);
  const { code, output } = await run.ended;
  expect(code).toBe(2);
  expect(output).toContain('can be reached from other machines');
  expect(output).toContain('the name of shared memory has no /');
  expect(output).toContain('there is no option filse; did you mean files?');
});

class Closing implements Disposable {
  constructor(readonly socket: Subscriber) {}

  [Symbol.dispose](): void {
    this.socket.close();
  }
}
