import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { HttpDriver, type HttpClient } from '@drumline/drivers';
import { Recorder } from '@drumline/stats';
import { monotonicMs } from '@drumline/wire/monotonic';

const USERS = 3;
/** Later calls of a function cost little more than those of compiled code. */
const ROUNDS = 5;
/** A lane starts without the rest of its warm-up after this time. */
const MAX_MS = 1_000;

/** One response of known length, and one in chunks. Users get both from nearly all targets. */
const RESPONSES = [
  'HTTP/1.1 200 OK\r\nset-cookie: a=b; path=/; httponly\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n{"ready":[]}',
  'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n5\r\nready\r\n0\r\n\r\n',
];

/**
 * Runs the code of a request before the load begins, against a server in this process. Node
 * compiles a function when it is first called, which would delay the first responses of the run by
 * 20 to 50 ms. Nothing of it is counted. Does nothing where loopback cannot be used.
 */
export async function warmUp(): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => answer(socket, sockets));
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await Promise.race([
      callRepeatedly(server),
      new Promise((resolve) => setTimeout(resolve, MAX_MS).unref()),
    ]);
  } catch {
    // The first responses of the run take longer.
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

/** Answers each request, which ends with an empty line or with its body of JSON. */
function answer(socket: Socket, sockets: Set<Socket>): void {
  let responses = 0;
  sockets.add(socket.setNoDelay());
  socket.on('error', () => {});
  socket.on('close', () => sockets.delete(socket));
  socket.on('data', () => socket.write(RESPONSES[responses++ % RESPONSES.length]!));
}

async function callRepeatedly(server: Server): Promise<void> {
  const recorder = new Recorder(monotonicMs());
  const driver = await HttpDriver.open({
    target: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    now: monotonicMs,
    onSample: (sample) => recorder.record(sample),
    onLateFailure: () => {},
    onResend: () => {},
    onTransfer: () => {},
  });
  const callers = Array.from({ length: USERS }, () => driver.openClient({ user: 'warm-up' }));
  await Promise.all(callers.map((http) => callAsUser(http, recorder)));
  recorder.close(Infinity);
  await driver.close();
}

async function callAsUser(http: HttpClient, recorder: Recorder): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const page = await http.get(`/?page=${round}`, { name: '/' });
    recorder.check('is ready', page.status === 200);
    page.json();
    await http.post('/', { json: { round } });
  }
  await http.close();
}
