// Secrets reach the scenario, and never leak anywhere else.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openRunStore, runsDirectory } from '@drumline/master/store';
import { Cluster, Drumline, eventually, scenarioPath } from '../support/drumline.js';
import { startSite } from '../support/site.js';

const PASSWORD = 'kX9/7 q"z&Lm-42Tr';
const FORMS = [
  PASSWORD,
  JSON.stringify(PASSWORD).slice(1, -1),
  encodeURIComponent(PASSWORD),
  btoa(PASSWORD).slice(0, 20),
  btoa(`me:${PASSWORD}`).slice(4, 24),
  // Some answers are truncated to this half.
  PASSWORD.slice(0, 9),
];
/** In the URL of the target. The file of a run needs it to resume the run. */
const LOGIN = 'ann:target-password';

test('a scenario that leaks its secret everywhere gets it into no output', async () => {
  await using site = await echoingSite();
  await using directory = await temporaryDirectory();
  await writeFile(directory.at('secrets'), `# for the test\nPASSWORD='${PASSWORD}'\n`);
  const files = ['--html', directory.at('report.html'), '--csv', directory.at('csv')];
  const target = site.url.replace('//', `//${LOGIN}@`);
  const args = ['-H', target, '--secrets-file', directory.at('secrets'), ...files];
  const quick = ['--heartbeat', '250ms', '--missing-after', '1s'];
  await using cluster = await Cluster.start('leaking', [...args, ...quick], {
    DRUMLINE_DATA_DIR: directory.at('data'),
  });
  const events = [collect(`${cluster.api}/v1/runs/current/events`)];
  const worker = cluster.addWorker('w1');
  const views: string[] = [];
  await cluster.until(({ users }) => users === 3);
  const look = async (): Promise<void> => {
    for (const view of ['status', 'stats', 'workers', 'timeline']) {
      views.push(await (await fetch(`${cluster.api}/v1/runs/current/${view}`)).text());
    }
  };
  await look();
  await worker.prints(/set up with/);
  await cluster.until(({ notes }) => notes.some(({ code }) => code === 'lane-crashed'));
  await look();
  // The run is resumed from its store, which holds placeholders. A worker that joins later needs
  // the secrets themselves.
  const before = cluster.master.output;
  await cluster.killMaster();
  await using without = new Drumline(['master', '--resume'], { DRUMLINE_DATA_DIR: directory.at('data') });
  expect(await without.ended).toMatchObject({
    code: 2,
    output: expect.stringMatching(/needs its secrets again, because they are not stored: PASSWORD/),
  });
  const again = cluster.startMasterAgain();
  await again.prints(/Resuming run .* of leaking \[secret PASSWORD\][^]*API at/);
  events.push(collect(`${cluster.api}/v1/runs/current/events`));
  const late = cluster.addWorker('w2');
  await eventually(async () => (await cluster.workerViews()).filter(({ requests }) => requests > 0)[1]);
  await look();
  await cluster.order('stop');
  const result = await cluster.result();
  const outputs: Record<string, string> = {
    views: views.join('\n'),
    events: (await Promise.all(events)).join('\n'),
    before,
    master: cluster.master.output,
    worker: (await worker.ended).output,
    late: (await late.ended).output,
    stored: await storedIn(directory.at('data')),
    result: JSON.stringify(result),
  };
  for (const name of await readdir(directory.path)) {
    if (!['secrets', 'data'].includes(name)) outputs[name] = await readFile(directory.at(name), 'utf8');
  }
  expect(Object.keys(outputs)).toHaveLength(8 + 6);
  for (const [output, text] of Object.entries(outputs)) {
    for (const form of FORMS)
      expect({ output, leak: excerpt(text, form) }).toEqual({ output, leak: undefined });
    if (output !== 'stored')
      expect({ output, leak: excerpt(text, 'target-password') }).toEqual({ output, leak: undefined });
    if (output !== 'csv_stats_history.csv') expect(`${output}: ${text}`).toContain('[secret PASSWORD]');
  }
  // The target received the complete secret, and the scenario tried every way to leak it.
  expect(site.told).toBeGreaterThan(0);
  for (const words of ['read with [', 'the hook printed [']) expect(before).toContain(words);
  for (const words of ['in pieces: [', 'set up with [', 'on the worker with ['])
    expect(outputs['worker']).toContain(words);
  expect(result.notes.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['hook-failed', 'teardown-failed', 'lane-crashed']),
  );
  expect(result.exceptions.map(({ message }) => message).join('\n')).toMatch(
    /There is no secret OTHER\. Known secrets: PASSWORD\. Set it with --secret OTHER/,
  );
  expect(JSON.stringify(result.exceptions)).not.toContain('has changed');
  expect(result.workers.map(({ requests }) => requests > 0)).toEqual([true, true]);
  expect(result.metrics).toMatchObject([{ name: 'printed [secret PASSWORD]' }]);
});

test('secrets are only in the arguments and environments in which the user set them', async () => {
  await using site = await echoingSite();
  await using run = new Drumline(
    [
      'run',
      scenarioPath('leaking'),
      '-H',
      site.url,
      '--no-html',
      '--no-api',
      '--secret',
      'PASSWORD',
      '-t',
      '30s',
    ],
    { DRUMLINE_SECRET_PASSWORD: 'not this one', PASSWORD },
  );
  await run.prints(/in pieces: \[secret PASSWORD\]/);
  expect(run.output).not.toContain('not this one');
  const children = await descendantsOf(run.pid);
  expect(children.length).toBeGreaterThanOrEqual(3);
  for (const pid of children) {
    const cmdline = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    expect(cmdline).not.toContain(PASSWORD);
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    expect(environment).not.toMatch(/DRUMLINE_SECRET|PASSWORD=/);
  }
});

test('an unset secret is an error with a remedy before the run', async () => {
  await using check = new Drumline(['check', scenarioPath('leaking'), '--no-types']);
  const { code, output } = await check.ended;
  expect(output).toContain(
    'There is no secret PASSWORD. No secrets are set. Set it with --secret PASSWORD, which reads the environment variable PASSWORD',
  );
  expect(output).toContain('leaking.ts:4');
  expect(code).toBe(3);
});

test('the plan that `drumline check` prints contains no secret', async () => {
  await using check = new Drumline(
    ['check', scenarioPath('leaking'), '--no-types', '--json', '-H', `http://${LOGIN}@127.0.0.1:9`],
    {
      DRUMLINE_SECRET_PASSWORD: PASSWORD,
    },
  );
  const { code, output } = await check.ended;
  expect(JSON.parse(output)).toMatchObject({
    name: 'leaking [secret PASSWORD]',
    target: 'http://127.0.0.1:9',
  });
  expect(code).toBe(0);
});

/** A target that echoes its requests. */
async function echoingSite() {
  let told = 0;
  const site = await startSite(({ path, query, headers }) => {
    if (headers.authorization === `Bearer ${PASSWORD}`) told += 1;
    if (path === '/text') return { html: `${'-'.repeat(48)}${PASSWORD}${'-'.repeat(60)}` };
    return { json: { authorization: headers.authorization, path, query: query.get('password') } };
  });
  return {
    url: site.url,
    get told() {
      return told;
    },
    [Symbol.asyncDispose]: () => site.close(),
  };
}

/** The stored data of the only run, and the bytes of its files. */
async function storedIn(dataDir: string): Promise<string> {
  const directory = runsDirectory(dataDir);
  const names = await readdir(directory);
  const bytes = await Promise.all(names.map((name) => readFile(join(directory, name), 'latin1')));
  const { store, state } = await openRunStore(
    join(
      directory,
      names.find((name) => name.endsWith('.db'))!,
    ),
  );
  await store.close();
  return [...bytes, JSON.stringify({ ...state, deltas: [...state.deltas] })].join('\n');
}

async function temporaryDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'drumline-test-'));
  return {
    path,
    at: (name: string) => join(path, name),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

async function collect(url: string): Promise<string> {
  return await (await fetch(url)).text().catch(() => '');
}

function excerpt(text: string, form: string): string | undefined {
  const at = text.indexOf(form);
  return at < 0 ? undefined : text.slice(Math.max(0, at - 60), at + 60);
}

async function descendantsOf(pid: number): Promise<number[]> {
  return await eventually(async () => {
    const found: number[] = [];
    const look = async (parent: number): Promise<void> => {
      const list = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8');
      for (const child of list.trim().split(' ').filter(Boolean).map(Number)) {
        found.push(child);
        await look(child);
      }
    };
    await look(pid);
    return found;
  });
}
