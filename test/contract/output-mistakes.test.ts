// What a user can write wrong in an output: each is told before anything starts, all at once, with
// its place and what to do.
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DrumlineError } from '@drumline/model';
import { OutputsClient } from '@drumline/outputs';
import { Drumline } from '../support/drumline.js';

/** The outputs as they are written, with the message of each. */
type Mistakes = readonly (readonly [text: string, message: string])[];

const URL_NEEDED = 'the URL must begin with http:// or https://';
const WRITTEN_WRONG: Mistakes = [
  ['csv', 'needs a value, for example csv=seconds.csv'],
  ['csv=x?apend', 'there is no option apend; did you mean append?'],
  ['hlog', 'needs a value, for example hlog='],
  ['hlog=x?times=servic', 'option times must be one of response, service; did you mean service?'],
  ['ndjson', 'needs a value, for example ndjson=seconds.ndjson'],
  ['ndjson=x?append=maybe', 'option append must be one of true, false'],
  ['influxdb', 'needs a value, for example influxdb=http://localhost:8086/drumline'],
  ['influxdb=localhost:8086', URL_NEEDED],
  ['influxdb=http://host:99999/load', URL_NEEDED],
  ['influxdb=http://host', 'needs a database, such as influxdb=http://localhost:8086/drumline'],
  ['influxdb=http://host?org=shop&token=x', 'options org and bucket are needed together'],
  ['influxdb=http://host?org=shop&bucket=b', 'needs option token, or the variable INFLUX_TOKEN'],
  ['statsd', 'needs a value, for example statsd=localhost:8125'],
  ['statsd=host:99999', 'needs HOST:PORT, such as statsd=localhost:8125'],
  ['statsd=host?packet=1', 'option packet must be a whole number from 64 to 65507'],
  ['statsd=host?tags=datdog', 'option tags must be one of none, datadog; did you mean datadog?'],
  ['prometheus=:99999', 'the address must be HOST:PORT or :PORT, such as :9464'],
  ['prometheus=http://host', 'the address must be HOST:PORT or :PORT, such as :9464'],
  ['prometheus=:0?buckets=3,1', 'option buckets must be ascending seconds above 0'],
  ['prometheus-remote-write', 'needs a value, for example prometheus-remote-write=http://'],
  ['prometheus-remote-write=host:9090', URL_NEEDED],
  ['prometheus-remote-write=http://host?every=0', 'option every must be a whole number from 1 to 60'],
  ['prometheus-remote-write=http://host?token-env=NOT_SET', 'the variable NOT_SET is not set'],
  ['otlp=host:4318', URL_NEEDED],
  ['otlp=http://host?temporality=total', 'option temporality must be one of cumulative, delta'],
  ['postgres=mysql://host/db', 'needs a URL such as postgres://user@host/database'],
  ['postgres=postgres://host:99999/db', 'needs a URL such as postgres://user@host/database'],
  ['postgres=postgres://host/db?schem=x', 'there is no option schem; did you mean schema?'],
  ['tap-unix', 'needs a value, for example tap-unix='],
  ['tap-unix=x?mode=9', 'option mode must be three octal digits, such as 660'],
  ['tap-file', 'needs a value, for example tap-file=tap'],
  ['tap-file=x?files=0', 'option files must be a whole number from 1 to 10000'],
  ['tap-shm', 'needs a value, for example tap-shm=drumline'],
  ['tap-shm=a/b', 'the name of shared memory has no / and no . at its start'],
  ['tap-zmq', 'needs a value, for example tap-zmq=tcp://127.0.0.1:5560'],
  ['tap-zmq=localhost:5560', 'the address localhost:5560 must be tcp://HOST:PORT or ipc://PATH'],
  ['tap-zmq=tcp://127.0.0.1:99999', 'the address tcp://127.0.0.1:99999 must be tcp://HOST:PORT'],
  ['tap-amqp', 'needs a value, for example tap-amqp=amqp://HOST'],
  ['tap-amqp=http://host', 'the URL must be amqp://HOST or amqps://HOST'],
  ['tap-amqp=amqp://host?heartbeat=x', 'option heartbeat must be a whole number from 1 to 3600'],
];

let server: Server;
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'drumline-mistakes-'));
  server = createServer((_, response) => response.writeHead(401).end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

/** What the services say that cannot be used. */
function unusable(): Mistakes {
  const { port } = server.address() as AddressInfo;
  const [file, wrong] = [join(directory, 'file'), `http://127.0.0.1:${port}`];
  writeFileSync(file, '');
  const [missing, inFile] = [join(directory, 'none', 'x'), join(file, 'x')];
  // Nothing listens at this port.
  const silent = '127.0.0.1:1';
  return [
    [`csv=${missing}`, 'the directory does not exist'],
    [`ndjson=${inFile}`, 'a part of the path is a file'],
    [`hlog=${directory}`, 'the path is a directory'],
    [`tap-file=${inFile}`, `cannot write into the directory ${inFile}`],
    // Nothing can be made there, not even by root.
    ['tap-file=/proc/drumline/tap', 'cannot write into the directory /proc/drumline/tap: ENOENT'],
    [`tap-unix=${missing}`, `the directory ${join(directory, 'none')} does not exist`],
    [`tap-zmq=tcp://127.0.0.1:${port}`, `cannot listen at tcp://127.0.0.1:${port}`],
    [`prometheus=:${port}`, `another program listens at 127.0.0.1:${port}`],
    [`influxdb=${wrong}/load`, 'answers 401; check the user, the password or the token'],
    [`prometheus-remote-write=${wrong}/x`, 'answers 401; check the credentials'],
    [`otlp=${wrong}`, 'answers 401; check the credentials, such as OTEL_EXPORTER_OTLP_HEADERS'],
    [`postgres=postgres://${silent}/db`, `connect ECONNREFUSED ${silent}`],
    [`tap-amqp=amqp://${silent}`, `connect ECONNREFUSED ${silent}`],
    ['statsd=host.invalid:8125', 'the host host.invalid is not known'],
  ];
}

const shownName = (text: string): string => text.split('?')[0]!;

async function refused(mistakes: Mistakes): Promise<DrumlineError> {
  const written = mistakes.map(([text]) => ({ text, where: text.startsWith('tap-') ? '--tap' : '--out' }));
  const start = OutputsClient.start(written);
  await expect(start).rejects.toBeInstanceOf(DrumlineError);
  return (await start.catch((error: unknown) => error)) as DrumlineError;
}

function expectEachOnce({ message }: DrumlineError, mistakes: Mistakes): void {
  const lines = message.split('\n');
  expect(lines).toHaveLength(mistakes.length);
  for (const [index, [text, problem]] of mistakes.entries()) {
    expect(lines[index]).toContain(`${shownName(text)}: `);
    expect(lines[index]).toContain(problem);
  }
}

test('each mistake in how an output is written is told at once, with its place', async () => {
  const error = await refused(WRITTEN_WRONG);
  expectEachOnce(error, WRITTEN_WRONG);
  expect([error.exit, error.hint]).toEqual([
    'usage',
    expect.stringContaining('`drumline outputs` lists them'),
  ]);
});

test('each service and file that cannot be used is told at once, with its reason', async () => {
  const mistakes = unusable();
  const error = await refused(mistakes);
  expectEachOnce(error, mistakes);
  expect([error.exit, error.hint]).toEqual(['output-unwritable', expect.stringContaining('?optional=true')]);
});

test('every output has its mistakes in both tables', async () => {
  await using listing = new Drumline(['outputs']);
  const names = [...(await listing.ended).output.matchAll(/^([\w-]+) +--out/gm)].map(([, name]) => name!);
  expect(names).toContain('csv');
  const named = (mistakes: Mistakes): string[] => mistakes.map(([text]) => /^[\w-]+/.exec(text)![0]);
  const [wrong, unreachable] = [new Set(named(WRITTEN_WRONG)), new Set(named(unusable()))];
  expect(names.filter((name) => !wrong.has(name))).toEqual([]);
  // Shared memory can be used on each machine with Linux.
  expect(names.filter((name) => !unreachable.has(name) && name !== 'tap-shm')).toEqual([]);
});
