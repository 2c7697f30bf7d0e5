// `drumline doctor` in processes whose limits are really lowered.
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { canLimitCpu, canLimitMemory, Cgroup } from '../support/cgroup.js';
import { runDoctor } from '../support/doctor.js';
import { Drumline, scenarioPath } from '../support/drumline.js';
import { canLimitPorts, withLocalPorts, withOpenFiles } from '../support/limited.js';
import { tempProjects } from '../support/temp-project.js';

const BREAKS = 25;
const project = tempProjects();

describe('limits of this machine', () => {
  test('are printed with what they allow, and judged for the load of a scenario', async () => {
    const { code, output } = await new Drumline(['doctor', scenarioPath('steady'), '-u', '5']).ended;
    expect(output).toMatch(/^This machine as master and worker with \d+ lanes?, for 5 users of steady/);
    expect(output).toMatch(/✓ open files +[\d,]+ per process: [\d,]+ connections of each lane/);
    expect(output).toMatch(/ local ports +[\d,]+ from each local address: [\d,]+ connections to one address/);
    expect(output).toMatch(/ memory +[\d.]+ \wB/);
    expect(code).toBe(0);
  });

  test('of open files: few are fine for few users, and refused for many', async () => {
    const launcher = withOpenFiles(200);
    const few = await runDoctor(['--users', '50', '--lanes', '1'], { launcher });
    expect(few.of('open files')).toMatchObject({
      grade: 'ok',
      value: '200 per process',
      allows: '160 connections of each lane',
    });
    const many = await runDoctor(['--users', '500', '--lanes', '2'], { launcher });
    expect(many.of('open files')).toMatchObject({
      grade: 'breaks',
      problem: 'a lane needs 250 connections, but a process may open only 200 files (ulimit -n)',
      remedy: expect.stringContaining('ulimit -n 65536'),
    });
    const stages = ['--stage', '1m:900', '--stage', '1m:100', '--lanes', '2'];
    const staged = await runDoctor(stages, { launcher });
    expect(staged.of('open files')?.problem).toContain('a lane needs 450 connections');
    expect(many).toMatchObject({ code: BREAKS, exit: 'limits-too-low', verdict: 'breaks' });
  });

  (canLimitPorts ? test : test.skip)(
    'of local ports: ten in a network of its own (needs root and unshare)',
    async () => {
      const load = ['--users', '50', '-H', 'http://127.0.0.1:8080'];
      const { code, of } = await runDoctor(load, { launcher: withLocalPorts(10) });
      expect(of('local ports')).toMatchObject({
        grade: 'breaks',
        allows: '10 connections to one address',
        problem:
          'the users need 50 connections, but the machine has only 10 local ports for one target address',
      });
      expect(of('TIME_WAIT')).toMatchObject({ allows: '10 new connections/s to one address' });
      expect(code).toBe(BREAKS);
    },
  );

  (canLimitCpu ? test : test.skip)('of CPU time: a quota of a control group (needs cgroups)', async () => {
    await using cgroup = Cgroup.create({ cpuShare: 0.5 });
    const { code, of } = await runDoctor(['--lanes', '4', '--users', '1'], { launcher: cgroup.launcher });
    expect(of('CPU')).toMatchObject({
      grade: 'tight',
      value: expect.stringMatching(/^\d+ CPUs?, of which the control group may use 0.5$/),
      remedy: expect.stringContaining('resources.limits.cpu'),
    });
    expect(of('CPU throttling')?.value).toMatch(/^in [\d.]+ % of the periods so far$/);
    expect(code).toBe(0);
  });

  (canLimitMemory ? test : test.skip)('of memory: that of a control group (needs cgroups)', async () => {
    await using cgroup = Cgroup.create({ memoryBytes: 256 * 2 ** 20 });
    const { code, of } = await runDoctor(['--users', '1000000', '--lanes', '1'], {
      launcher: cgroup.launcher,
    });
    expect(of('memory')).toMatchObject({
      grade: 'breaks',
      value: expect.stringMatching(/^268 MB, /),
      problem: expect.stringContaining('this machine or container has 268 MB'),
    });
    expect(code).toBe(BREAKS);
  });
});

test('secrets of a scenario are not printed', async () => {
  const text = `import { scenario, secrets, user } from 'drumline';
    const visitor = user('visitor', { tasks: { visit: async ({ http }) => void (await http.get('/')) } });
    export default scenario({ target: 'http://127.0.0.1:9/' + secrets.TENANT, users: [visitor] });`;
  const path = join(project({ 'scenario.mjs': text }), 'scenario.mjs');
  for (const json of [[], ['--json']]) {
    const args = ['doctor', path, '--secret', 'TENANT', ...json];
    const { output, code } = await new Drumline(args, { TENANT: 'tenant-4711' }).ended;
    expect(output).toContain('127.0.0.1:9');
    expect(output).not.toContain('tenant-4711');
    expect(code).toBe(15);
  }
});

test('a mistake in an option or the scenario has its own exit code', async () => {
  const role = await new Drumline(['doctor', '--role', 'target']).ended;
  expect(role).toMatchObject({ code: 2, output: expect.stringContaining("--role: 'target' is not a role") });
  const scenario = await new Drumline(['doctor', 'nothing.ts']).ended;
  expect(scenario).toMatchObject({ code: 3, output: expect.stringContaining('nothing.ts does not exist') });
});
