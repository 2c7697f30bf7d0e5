// Borrowed rows: at any time, one user in the cluster has a row.
import { expect, test } from '@jest/globals';
import { Cluster } from '../support/drumline.js';
import { startSite, type Site } from '../support/site.js';

/** A target that watches who has which account. */
async function startBank(): Promise<Bank> {
  const inside = new Map<string, string>();
  const seen: Bank = {
    site: undefined as never,
    times: 0,
    accounts: new Map(),
    clashes: [],
    kept: [],
    [Symbol.asyncDispose]: () => seen.site.close(),
  };
  seen.site = await startSite(({ path, query }) => {
    const [id, by] = [query.get('id')!, query.get('by')!];
    if (path === '/kept') seen.kept.push(Number(id));
    if (path === '/in') {
      seen.times += 1;
      seen.accounts.set(by, (seen.accounts.get(by) ?? new Set()).add(id));
      if (inside.has(id)) seen.clashes.push(`${id} by ${inside.get(id)} and ${by}`);
      inside.set(id, by);
    }
    if (path === '/out') inside.delete(id);
    return { json: {} };
  });
  return seen;
}

interface Bank extends AsyncDisposable {
  site: Site;
  /** How often an account was used. */
  times: number;
  /** The accounts that each lane process used. */
  readonly accounts: Map<string, Set<string>>;
  readonly clashes: string[];
  readonly kept: number[];
}

async function clusterOf(bank: Bank, ...params: readonly string[]): Promise<Cluster> {
  const args = ['-H', bank.site.url, '--expect-workers', '2'];
  const cluster = await Cluster.start('borrow', [...args, ...params.flatMap((one) => ['--param', one])]);
  for (const name of ['w1', 'w2']) cluster.addWorker(name);
  return cluster;
}

test('two users never have a row at the same time, and all users get one in turn', async () => {
  await using bank = await startBank();
  await using cluster = await clusterOf(bank);
  // Lanes give rows to each other.
  const share = (): number => Math.min(...[...bank.accounts.values()].map(({ size }) => size));
  await cluster.until(() => bank.times > 150 && bank.accounts.size === 2 && share() > 1);
  await cluster.order('stop');
  const { rows, totals } = await cluster.result();
  expect(bank.clashes).toEqual([]);
  expect(rows).toEqual([{ table: 'rows', use: 'borrow', rows: 3, issued: 0, used: bank.times, lost: [] }]);
  expect(totals).toMatchObject({ requests: 2 * bank.times, failures: 0 });
});

test('a row of onStart stays with its user, and users that get none stop if they are to', async () => {
  await using bank = await startBank();
  await using cluster = await clusterOf(bank, 'keep=true', 'whenEmpty=stop-user', 'rows=5');
  await cluster.until(({ users }) => users === 5 && bank.kept.length === 5);
  await cluster.order('stop');
  const { rows, metrics } = await cluster.result();
  expect(bank.kept.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
  expect(rows).toMatchObject([{ rows: 5, issued: 0, used: 5 }]);
  expect(metrics).toMatchObject([{ name: 'users that stopped themselves', sum: 3 }]);
});
