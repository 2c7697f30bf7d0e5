// A tap that publishes to RabbitMQ, against the real server: what a queue has received adds up to
// the report and to the count of the target.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startTarget } from '../../scripts/dist/demo/target.js';
import type { RunResult } from '../../packages/wire/dist/index.js';
import { Drumline, scenarioPath } from '../support/drumline.js';
import { needing } from '../support/programs.js';
import { RabbitMq } from '../support/rabbitmq.js';
import { received, watch } from '../support/watched-queue.js';
import { requestsIn } from '../support/tap-reader.js';
import { tempProjects } from '../support/temp-project.js';

const folder = tempProjects();

function start(target: string, tap: string, ...args: readonly string[]): Drumline {
  const flags = ['-H', target, '--no-html', '--no-api', '--tap', tap];
  return new Drumline(['run', scenarioPath('quick'), ...flags, ...args]);
}

needing('rabbitmq-server')('a tap over RabbitMQ', () => {
  test('loses no record although the broker is restarted in the middle of the run', async () => {
    await using broker = await RabbitMq.start();
    await watch(broker.url);
    const target = await startTarget();
    const result = join(folder({}), 'result.json');
    const length = ['-u', '5', '-t', '90s', '--json', result];
    await using run = start(target.url, broker.url, ...length);
    await run.prints(/running/);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await broker.stop();
    await run.prints(/tap-amqp.* fails and is tried again/);
    await broker.begin();
    await run.prints(/tap-amqp.* works again/);
    run.signal('SIGINT');
    await run.ended;
    await target.close();
    const { totals, run: about } = JSON.parse(readFileSync(result, 'utf8')) as RunResult;
    const messages = await received(broker.url);
    const records = messages.map(({ record }) => record);
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
    expect(requestsIn(records)).toBe(target.count);
    expect(totals.requests).toBe(target.count);
    for (const { record, key, messageId, isPersistent } of messages) {
      expect(key).toBe(`${record.type}.${about.id}`);
      expect(messageId).toBe(`${about.id}:${record.seq}`);
      expect(isPersistent).toBe(true);
    }
  });

  test('refuses wrong credentials and a broker that does not answer, before the run', async () => {
    await using broker = await RabbitMq.start();
    const wrong = `amqp://ada:s3cret@127.0.0.1:${broker.port}`;
    await using refused = start('http://127.0.0.1:9', wrong);
    const { code, output } = await refused.ended;
    expect([code, output]).toEqual([
      9,
      expect.stringContaining('the broker refuses the user or the password'),
    ]);
    expect(output).not.toContain('s3cret');

    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    await using unanswered = start('http://127.0.0.1:9', `amqp://127.0.0.1:${port}`);
    expect(await unanswered.ended).toMatchObject({
      code: 9,
      output: expect.stringMatching(/tap-amqp=.*time|answer/),
    });
    silent.close();

    const target = await startTarget();
    await broker.stop();
    await using optional = start(target.url, `${broker.url}?optional=true`, '-t', '2s');
    expect(await optional.ended).toMatchObject({ code: 0, output: expect.stringContaining('lost') });
    await target.close();
  });
});
