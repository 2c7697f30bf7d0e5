// The optional packages of outputs are in the image, and work in it, against real servers.
import { expect, test } from '@jest/globals';
import type { RunResult } from '@drumline/wire';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { PostgresServer, postgresVersion } from '../support/postgres.js';
import { needing, pathOf } from '../support/programs.js';
import { RabbitMq } from '../support/rabbitmq.js';
import { requestsIn } from '../support/tap-reader.js';
import { received, watch } from '../support/watched-queue.js';
import { buildImage, docker, whyNoDocker } from './docker.js';

const IMAGE = 'drumline-test';
/** The container shares the network of this machine, where the servers of the test are. */
const CONTAINER = ['run', '--rm', '--network', 'host', '--read-only', '--tmpfs', '/tmp'];

const missing = [
  ...((await whyNoDocker()) === undefined ? [] : ['Docker']),
  ...(postgresVersion === undefined ? ['PostgreSQL'] : []),
  ...(pathOf('rabbitmq-server') === undefined ? ['RabbitMQ'] : []),
];

needing(missing.join(', '), missing.length === 0 ? 'all' : undefined)('the image', () => {
  test('writes a run to PostgreSQL and RabbitMQ, with each request of the target', async () => {
    await buildImage('drumline', IMAGE);
    const target = await startTarget();
    await using _ = { [Symbol.asyncDispose]: () => target.close() };
    await using postgres = await PostgresServer.start('scram-sha-256');
    await using broker = await RabbitMq.start();
    await watch(broker.url);

    const scenario = ['--volume', `${import.meta.dirname}:/scenario:ro`];
    const flags = ['run', '/scenario/scenario.ts', '-H', target.url, '-u', '5', '-t', '2s'];
    const outputs = ['--out', `postgres=${postgres.url()}`, '--tap', broker.url];
    const files = ['--no-api', '--no-html', '--json', '-'];
    const json = await docker(...CONTAINER, ...scenario, IMAGE, ...flags, ...outputs, ...files);
    const { totals, outputs: states = [] } = JSON.parse(json) as RunResult;

    expect(totals.requests).toBe(target.count);
    expect(states.map(({ name, state, droppedSeconds }) => [name, state, droppedSeconds])).toEqual([
      ['postgres', 'closed', 0],
      ['tap-amqp', 'closed', 0],
    ]);
    const rows = await postgres.query('SELECT sum(requests)::int AS requests FROM drumline.run_second');
    expect(rows).toEqual([{ requests: target.count }]);
    expect(requestsIn((await received(broker.url)).map(({ record }) => record))).toBe(target.count);
  }, 900_000);

  test('lists their outputs as installed', async () => {
    const listed = JSON.parse(await docker(...CONTAINER, IMAGE, 'outputs', '--json')) as object[];
    expect(listed).toContainEqual(expect.objectContaining({ name: 'postgres' }));
    expect(listed).toContainEqual(expect.objectContaining({ name: 'tap-amqp' }));
    expect(JSON.stringify(listed)).not.toContain('install');
  });
});
