// Parameters have the same value on every machine, and secret ones are never shown.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Cluster } from '../support/drumline.js';
import { startSite } from '../support/site.js';

const TOKEN = 'kX9-Lm42Tr-qqZ7';

test('values from flag, file and variable reach every worker, before and after a master restart', async () => {
  const told = new Set<string>();
  await using site = await listeningSite(told);
  const directory = await mkdtemp(join(tmpdir(), 'drumline-test-'));
  try {
    await writeFile(join(directory, 'params.yaml'), 'users: 2\nhold: 30s\n');
    const data = join(directory, 'data');
    await using cluster = await Cluster.start(
      'parameters',
      ['-H', site.url, '--params', join(directory, 'params.yaml'), '--param', 'users=4'],
      { DRUMLINE_DATA_DIR: data, STAGE: 'smoke', TOKEN },
    );
    // Variables of workers must not matter.
    for (const name of ['w1', 'w2'])
      cluster.addWorker(name, [], cluster.address, { env: { STAGE: 'load', TOKEN: 'another' } });
    await cluster.until(({ users }) => users === 4);
    await cluster.killMaster();
    await cluster.startMasterAgain().prints(/Resuming run/);
    told.clear();
    cluster.addWorker('w3', [], cluster.address, { env: { STAGE: '', TOKEN: '' } });
    await cluster.until(() => told.has(`/told/4/smoke/${TOKEN}`));
    await cluster.until(async () => (await cluster.workerViews()).every(({ requests }) => requests > 0));
    await cluster.order('stop');
    const result = await cluster.result();
    expect([...told].filter((path) => path !== '/late')).toEqual([`/told/4/smoke/${TOKEN}`]);
    expect(told).toContain('/late');
    expect(result.run.parameters).toEqual({
      users: 4,
      hold: '30s',
      stage: 'smoke',
      token: '[secret token]',
    });
    expect(result.exceptions).toEqual([]);
    const outputs = [JSON.stringify(result), ...cluster.workers.map(({ output }) => output)];
    for (const name of await readdir(data, { recursive: true }))
      outputs.push(await readFile(join(data, name), 'latin1').catch(() => ''));
    expect(outputs.filter((text) => text.includes(TOKEN))).toEqual([]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

async function listeningSite(told: Set<string>): Promise<AsyncDisposable & { url: string }> {
  const site = await startSite(({ path, query }) => {
    if (path !== '/late' || /must be called at the top level/.test(query.get('error') ?? '')) told.add(path);
    return { json: {} };
  });
  return { url: site.url, [Symbol.asyncDispose]: () => site.close() };
}
