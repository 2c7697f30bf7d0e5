import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { TapRecord, TapSecond } from '@drumline/wire';
import { pathOf } from '../../../../../test/support/programs.js';
import { intervalsOf } from '../../testing.js';
import type { EncodedRecord } from '../records/encoded-record.js';
import type { TapOutput } from '../tap-output.js';
import { tapShm } from './index.js';
import { AREA, HEADER, SLOT_FIELDS } from './layout.js';

const EXAMPLES = fileURLToPath(new URL('../../../../../examples/taps/', import.meta.url));
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  while (cleanups.length > 0) await cleanups.pop()!();
});

let made = 0;
/** A name that no other test uses. */
function shmName(): string {
  const name = `drumline-test-${process.pid}-${(made += 1)}`;
  cleanups.push(() => rmSync(`/dev/shm/${name}`, { force: true }));
  return name;
}

async function create(url: string, options: Readonly<Record<string, string>> = {}): Promise<TapOutput> {
  const output = (await tapShm.create({ name: 'tap-shm', url, options })) as TapOutput;
  cleanups.push(() => output.close());
  return output;
}

const { signal } = new AbortController();
const GENERATED = intervalsOf(6, { seconds: 30 });

/** A tap of a run, with a function that closes its next seconds and gives the records. */
async function running(name: string, options: Readonly<Record<string, string>> = {}, generated = GENERATED) {
  const output = await create(name, options);
  await output.check();
  await output.open(generated.run);
  const seconds = generated.events.filter((event) => event.type === 'closed').values();
  const give = async (count: number): Promise<TapRecord[]> => {
    const batches: EncodedRecord[] = [];
    for (let one = 0; one < count; one += 1) batches.push(...output.interval(seconds.next().value!, 1)!);
    await output.send(batches, signal);
    return batches.map(({ record }) => record);
  };
  return { output, give };
}

/** The C reader, compiled once. */
let compiled: string | undefined;
function readerInC(): string {
  if (compiled !== undefined) return compiled;
  const directory = mkdtempSync(join(tmpdir(), 'drumline-tap-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  compiled = join(directory, 'read_shm');
  const flags = ['-O2', '-Wall', '-Wextra', '-Werror'];
  execFileSync('gcc', [...flags, '-o', compiled, join(EXAMPLES, 'read_shm.c')], { stdio: 'inherit' });
  return compiled;
}

const READERS: readonly (readonly [string, string, () => readonly [string, ...string[]]])[] = [
  ['C', 'gcc', () => [readerInC()]],
  ['Python', 'python3', () => ['python3', join(EXAMPLES, 'read_shm.py')]],
];

/** A line of a reader: `name=value`, separated by spaces. */
function fieldsOf(line: string): Map<string, number> {
  return new Map(
    line
      .split(' ')
      .map((part) => part.split('=') as [string, string])
      .map(([name, value]) => [name, Number(value)]),
  );
}

/** What the layout has for a record. */
function expected(record: TapSecond): Map<string, number> {
  return new Map(SLOT_FIELDS.map(({ name, of }) => [name, of(record)]));
}

async function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(child, 'close');
  return text;
}

for (const [language, program, command] of READERS) {
  const run = pathOf(program) === undefined ? test.skip : test;
  run(`a reader in ${language} sees each second while it is written, and the JSON of each type`, async () => {
    const name = shmName();
    const { output, give } = await running(name);
    const records = await give(8);
    const [path, ...args] = command();
    const reading = outputOf(spawn(path, [...args, name], { stdio: ['ignore', 'pipe', 'inherit'] }));
    for (let second = 8; second < 30; second += 1) {
      records.push(...(await give(1)));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await output.send(output.end({})!, signal);
    await output.close();
    const lines = (await reading).trimEnd().split('\n').map(fieldsOf);
    const seconds = records.filter((record): record is TapSecond => record.type === 'second');
    expect(lines).toHaveLength(30);
    for (const [index, line] of lines.entries()) {
      const want = expected(seconds[index]!);
      for (const [field, value] of line) {
        const exact = want.get(field)!;
        // Readers print six digits of a number with decimals.
        if (Number.isNaN(exact)) expect(value).toBeNaN();
        else expect([field, Math.abs(value - exact) <= Math.abs(exact) * 1e-5]).toEqual([field, true]);
      }
    }
    const json = (type: string): TapRecord =>
      JSON.parse(execFileSync(path, [...args, name, type], { encoding: 'utf8' })) as TapRecord;
    expect(json('second')).toEqual(seconds.at(-1));
    expect(json('detail')).toEqual(
      JSON.parse(JSON.stringify(records.findLast(({ type }) => type === 'detail'))),
    );
    expect(json('end')).toMatchObject({ type: 'end', seq: 34 });
  });
}

describe('shared memory', () => {
  const python = pathOf('python3') === undefined ? test.skip : test;
  const read = (name: string, ...args: string[]) =>
    spawnSync('python3', [join(EXAMPLES, 'read_shm.py'), name, ...args], { encoding: 'utf8' });

  python('shows that its writer was killed in the middle of a record, until another continues', async () => {
    const name = shmName();
    const { give } = await running(name);
    await give(3);
    // The lock of the JSON of a second is odd, as after the first of the three writes.
    const file = openSync(`/dev/shm/${name}`, 'r+');
    const at = Number(readFileSync(`/dev/shm/${name}`).readBigUInt64LE(HEADER.secondAt)) + AREA.lock;
    const lock = Buffer.alloc(8);
    lock.writeBigUInt64LE(BigInt(4_001));
    writeSync(file, lock, 0, 8, at);
    closeSync(file);
    expect(read(name, 'second').stderr).toContain('stopped in the middle of a record');
    const next = await create(name);
    await next.open({ ...GENERATED.run, fromSecond: 3 });
    const closed = GENERATED.events.filter((event) => event.type === 'closed');
    await next.send(next.interval(closed[3]!, 4)!, signal);
    expect(JSON.parse(read(name, 'second').stdout)).toMatchObject({ seq: 4, second: 3 });
  });

  test('is used again by the next run, and refused while another run writes to it', async () => {
    const name = shmName();
    const path = `/dev/shm/${name}`;
    const first = await running(name, { mode: '640' });
    await first.give(3);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    const inode = statSync(path).ino;
    const another = { ...GENERATED.run, runId: 'another' };
    const second = await create(name);
    await expect(second.open(another)).rejects.toThrow(`the run ${GENERATED.run.runId} of process`);
    await first.output.close();
    await second.open(another);
    expect(statSync(path).ino).toBe(inode);
    const header = readFileSync(path);
    expect(header.readBigUInt64LE(HEADER.secondsWritten)).toBe(0n);
    expect(header.toString('utf8', HEADER.runId, HEADER.runId + 8)).toBe('another\0');
    await second.close();
    // Another layout has a file of its own.
    const third = await create(name, { kilobytes: '64', remove: 'true' });
    await third.open(another);
    expect(statSync(path).ino).not.toBe(inode);
    await third.close();
    expect(existsSync(path)).toBe(false);
  });

  test('shows the size of a record that does not fit', async () => {
    const name = shmName();
    const { give } = await running(name, { kilobytes: '1' }, intervalsOf(1, { series: 100, seconds: 2 }));
    const [record] = await give(1);
    const memory = readFileSync(`/dev/shm/${name}`);
    const at = Number(memory.readBigUInt64LE(HEADER.secondAt));
    expect(memory.readBigUInt64LE(at + AREA.length)).toBe(0n);
    expect(memory.readBigUInt64LE(at + AREA.needed)).toBe(BigInt(Buffer.byteLength(JSON.stringify(record))));
  });

  test('refuses a name with a path', () => {
    const refused = async () => await tapShm.create({ name: 'tap-shm', url: '../etc/x', options: {} });
    return expect(refused()).rejects.toThrow('the name of shared memory has no /');
  });
});
