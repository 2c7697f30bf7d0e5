// A web service that starts runs and shows them live: node examples/embed/service.mjs [PORT]
import { readFile } from 'node:fs/promises';
import { RunError, startRun } from 'drumline/embed';
import { fastify } from 'fastify';

const SCENARIO = new URL('shop.ts', import.meta.url);
const PAGE = new URL('page.html', import.meta.url);

const app = fastify({ forceCloseConnections: true });
const runs = new Map();

app.get('/', async (_, reply) => reply.type('text/html').send(await readFile(PAGE, 'utf8')));

app.post('/runs', async ({ body }, reply) => {
  const { target, users, seconds } = body;
  try {
    const run = await startRun({ scenario: SCENARIO, target, users, runTime: seconds * 1_000 });
    runs.set(run.id, run);
    return reply.code(201).send({ id: run.id });
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return reply.code(422).send({ problems: error.problems });
  }
});

// Each browser has an iterator of its own. One that reconnects continues after its last second.
app.get('/runs/:id/events', async (request, reply) => {
  const run = runs.get(request.params.id);
  if (!run) return reply.code(404).send({ problems: ['there is no such run'] });
  const left = new AbortController();
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  raw.on('close', () => left.abort());
  const send = (event, data, id) =>
    raw.write(`${id ? `id: ${id}\n` : ''}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  try {
    const after = Number(request.headers['last-event-id'] ?? 0);
    for await (const second of run.seconds({ after, corrections: true, signal: left.signal })) {
      // A browser that reads slowly makes this loop wait, and nothing else.
      if (!send('second', second, second.corrected ? undefined : second.number)) await drained(raw);
    }
    const { verdict, totals, reasons } = await run.finished;
    send('end', { verdict, totals, reasons });
  } catch (error) {
    if (!left.signal.aborted) send('end', { verdict: 'lost', problems: [error.message] });
  }
  raw.end();
  return reply;
});

app.post('/runs/:id/users', async ({ params, body }) => await runs.get(params.id)?.setUsers(body.users));
app.post('/runs/:id/stop', async ({ params }) => ({ verdict: (await runs.get(params.id)?.stop())?.verdict }));

// Without this, the processes of the runs would end with the service, and their results be lost.
app.addHook('onClose', async () => {
  await Promise.allSettled([...runs.values()].map((run) => run.stop()));
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void app.close());

async function drained(raw) {
  await new Promise((resolve) => raw.once('drain', resolve).once('close', resolve));
}

console.log(`Open ${await app.listen({ port: Number(process.argv[2] ?? 8070), host: '127.0.0.1' })}`);
