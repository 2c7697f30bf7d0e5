// The `kubectl` of tests: it passes its arguments to the fake cluster of the test. It forwards
// ports itself.
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';

const args = process.argv.slice(2);
/** Without `fetch`, which takes longer to load than all the rest. */
const ask = (body) =>
  new Promise((resolve, reject) => {
    const asking = request(process.env.FAKE_CLUSTER, { method: 'POST' }, (response) => {
      text(response).then((answer) => resolve(JSON.parse(answer)), reject);
    });
    asking.on('error', reject).end(JSON.stringify(body));
  });

if (args.includes('port-forward')) {
  const [pod, ports] = args.slice(args.indexOf('port-forward') + 1);
  const portOf = async () => (await ask({ portOf: pod.replace('pod/', '') })).port;
  const fail = (why) => {
    console.error(why);
    process.exit(1);
  };
  const forward = (socket, port) => {
    if (!port) return fail('error: lost connection to pod');
    const upstream = connect(port, '127.0.0.1');
    socket.pipe(upstream).pipe(socket);
    socket.on('error', () => upstream.destroy());
    upstream.on('error', () => socket.destroy());
    upstream.on('close', () => void portOf().then((left) => left || fail('error: lost connection to pod')));
  };
  const server = createServer((socket) => void portOf().then((port) => forward(socket, port)));
  server.on('error', (error) => fail(error.message));
  server.listen(Number(ports.split(':')[0] || 0), '127.0.0.1', () =>
    console.log(`Forwarding from 127.0.0.1:${server.address().port} -> 8089`),
  );
} else {
  const input = args.includes('-') ? await text(process.stdin) : '';
  const { out, error, code } = await ask({ args, input });
  if (out) process.stdout.write(out);
  if (error) console.error(error);
  process.exitCode = code;
}
