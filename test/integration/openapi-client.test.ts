// A client that is generated from the OpenAPI document controls a run.
import { expect, test } from '@jest/globals';
import { OpenAPIClientAxios, type Document } from 'openapi-client-axios';
import { startTarget } from '../../scripts/dist/demo/target.js';
import { Cluster, Drumline, eventually, type Ended } from '../support/drumline.js';

async function drumline(args: readonly string[]): Promise<Ended> {
  await using process = new Drumline(args);
  return await process.ended;
}

test('a client generated from the OpenAPI document drives a run, and reads its result', async () => {
  const target = await startTarget();
  await using _ = { [Symbol.asyncDispose]: () => target.close() };
  await using cluster = await Cluster.start('steady', [
    '-H',
    target.url,
    '-u',
    '2',
    '-t',
    '5m',
    '--no-autostart',
  ]);
  cluster.addWorker('w1');
  const definition = (await (await fetch(`${cluster.api}/openapi.json`)).json()) as Document;
  const api = new OpenAPIClientAxios({ definition, axiosConfigDefaults: { baseURL: cluster.api } });
  const client = await api.init();
  const run = { id: 'current' };
  const call = async (operation: string, parameters: object = {}, body?: object) =>
    (await client[operation]!(parameters as never, body)).data;

  await eventually(async () => ((await call('getRunStatus', run)).state === 'ready' ? true : undefined));
  expect(await call('getHealth')).toMatchObject({ mode: 'run', workers: 1 });
  expect(await call('postRunStart', run)).toMatchObject({ message: 'The run has started.' });
  await eventually(async () => ((await call('getRunStatus', run)).users === 2 ? true : undefined));
  await call('postRunUsers', run, { users: 3 });
  await eventually(async () => ((await call('getRunStatus', run)).users === 3 ? true : undefined));
  await call('postRunAnnotations', run, { text: 'three users' });
  await eventually(async () => {
    const [{ users }] = (await call('getRunTimeline', { ...run, points: 1 })).points;
    return users === 3 ? true : undefined;
  });
  expect(await call('getRunSeries', { ...run, filter: 'requests>0', limit: 1 })).toMatchObject({ total: 1 });
  expect(await call('getRunTimeline', { ...run, points: 1 })).toMatchObject({
    points: [{ users: 3 }],
    annotations: [{ text: 'three users' }],
  });
  const following = drumline(['logs', '--follow', '--api', cluster.api]);
  expect(await drumline(['annotate', 'by hand', '--api', cluster.api])).toMatchObject({ code: 0 });
  await eventually(async () => {
    const { output } = await drumline(['logs', 'current', '--api', cluster.api]);
    return /annotation three users\n[^]*annotation by hand\n/.test(output) ? true : undefined;
  });
  await expect(call('getRunResult', run)).rejects.toMatchObject({
    response: { data: { code: 'run-unfinished' } },
  });
  await call('postRunStop', run);
  expect(await following).toMatchObject({ code: 0, output: expect.stringContaining('The run is draining.') });
  const { totals, exit, annotations } = await cluster.result();
  expect(annotations).toMatchObject([{ text: 'three users' }, { text: 'by hand' }]);
  expect([exit, totals.requests]).toEqual(['stopped-early', target.count]);
});
