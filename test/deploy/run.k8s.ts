// Tests `drumline k8s` in a real cluster. Runs with `npm run test:kubernetes`.
import { describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Drumline } from '../support/drumline.js';
import { tempProjects } from '../support/temp-project.js';
import { IMAGE, Namespace, type Result, until } from './installation.js';
import { whyNoCluster } from './kubectl.js';

const project = tempProjects();
const reason = await whyNoCluster();
const inCluster = reason === undefined ? describe : describe.skip;

inCluster(`drumline k8s in a cluster${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  test('run shows a run whose master is replaced, fetches its result and leaves nothing behind', async () => {
    await using namespace = await Namespace.create();
    await namespace.startTarget('target');
    const json = join(project({}), 'result.json');
    const scenario = join(import.meta.dirname, 'scenario.ts');
    const options = ['--name', 'shown', '--workers', '2', '--target', 'http://target:8080', '--json', json];
    const values = ['image.pullPolicy=IfNotPresent', 'workers.cpu=1', 'workers.memory=512Mi'];
    const sets = values.flatMap((value) => ['--set', value]);
    await using run = new Drumline([
      'k8s',
      'run',
      scenario,
      '--namespace',
      namespace.name,
      '--image',
      IMAGE,
      ...options,
      ...sets,
    ]);
    await until('the run has begun', async () => run.output.includes('running users'));
    const master = ['--selector', 'app.kubernetes.io/component=master'];
    await namespace.kubectl(['delete', 'pod', ...master, '--wait=false']);

    const { code, output } = await run.ended;
    expect({ code, output }).toMatchObject({ code: 0 });
    const { totals } = JSON.parse(await readFile(json, 'utf8')) as Result;
    expect(totals.requests).toBe(await namespace.countOf('target'));
    const instance = ['--selector', 'app.kubernetes.io/instance=shown', '--output=name'];
    await until('nothing is left', async () => {
      const left = await namespace.kubectl(['get', 'jobs,pods,services,secrets,pvc', ...instance]);
      return left === '';
    });
  });
});
