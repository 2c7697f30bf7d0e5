// Tests a service in a real cluster. Runs with `npm run test:kubernetes`.
import { describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseValues, renderManifests } from '@drumline/kubernetes';
import { Drumline } from '../support/drumline.js';
import { tempProjects } from '../support/temp-project.js';
import { imageValues, Namespace, type Result } from './installation.js';
import { PortForward, whyNoCluster } from './kubectl.js';

const project = tempProjects();
const reason = await whyNoCluster();
const inCluster = reason === undefined ? describe : describe.skip;

inCluster(`a service in a cluster${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  test('executes what is submitted to it, also on workers that are added', async () => {
    await using namespace = await Namespace.create();
    await namespace.startTarget('target');
    const values = parseValues({
      name: 'team',
      mode: 'service',
      image: imageValues(),
      master: { cpu: 1, memory: '512Mi' },
      workers: { cpu: 1, memory: '512Mi', count: 2 },
    });
    await namespace.apply(renderManifests(values));
    const [master, worker] = ['statefulset/drumline-team-master', 'deployment/drumline-team-worker'];
    for (const workload of [master!, worker!])
      await namespace.kubectl(['rollout', 'status', workload, '--timeout=180s']);

    await using api = await PortForward.to(namespace.name, 'service/drumline-team-master', 8089);
    const first = await submit(namespace, api, 2);
    expect(first.totals.requests).toBe(await namespace.countOf('target'));

    await namespace.kubectl(['scale', worker!, '--replicas=3']);
    const second = await submit(namespace, api, 3);
    expect(first.totals.requests + second.totals.requests).toBe(await namespace.countOf('target'));
    expect([first, second].map(({ workers }) => workers.length)).toEqual([2, 3]);
  });
});

async function submit(namespace: Namespace, api: PortForward, workers: number): Promise<Result> {
  const json = join(project({}), 'result.json');
  const scenario = join(import.meta.dirname, 'scenario.ts');
  const options = ['--target', 'http://target:8080', '--workers', String(workers), '--watch', '--json', json];
  await using submitted = new Drumline(['submit', scenario, '--api', api.url, ...options], {
    DRUMLINE_API_TOKEN: namespace.apiToken,
  });
  const { code, output } = await submitted.ended;
  if (code !== 0) throw new Error(`drumline submit ended with ${code}:\n${output}`);
  return JSON.parse(await readFile(json, 'utf8')) as Result;
}
