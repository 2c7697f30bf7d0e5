import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkScenario } from '@drumline/scenario/project';
import { tempProjects } from '../../../../test/support/temp-project.js';

const project = tempProjects();

/** The error for a scenario. */
async function refusalOf(body: string): Promise<Error> {
  const imports = `import { anyOf, between, inOrder, ramp, scenario, task, user } from 'drumline';\n`;
  const folder = project({ 'shop.js': imports + body });
  const checked = checkScenario(join(folder, 'shop.js'), {}, { types: false });
  return await checked.then(
    () => new Error('it is not refused'),
    (error: unknown) => error as Error,
  );
}

describe('options that do not exist', () => {
  test('are reported in every object of a scenario, with suggestions', async () => {
    const { message } = await refusalOf(`
      const pay = task({ wieght: 3 }, () => {});
      const a = user('a', {
        wieght: 1, onFailure: { onstart: 'continue' }, onstart() {}, waits: between('1s', '2s'), lanes: { gruop: 'x' },
        tasks: { buy: inOrder({ pay }), more: anyOf({ deep: task({ tag: ['x'] }, anyOf({ t() {} }, { pick: 2 })) }) },
      });
      export default scenario({
        users: [a], tagret: 'http://shop.example', stoptimeout: '1s',
        onMaster: { runstart() {} }, onWorker: { workerJoined() {} },
      });`);
    const told = [...message.matchAll(/^ {2}(\S+): is not an option\n {6}→ (.*)$/gm)];
    expect(Object.fromEntries(told.map(([, where, hint]) => [where, hint]))).toEqual({
      tagret: 'did you mean target?',
      stoptimeout: 'did you mean stopTimeout?',
      'users[0].wieght': 'did you mean weight?',
      'users[0].onstart': 'did you mean onStart?',
      'users[0].onFailure.onstart': 'did you mean onStart?',
      'users[0].waits': 'did you mean wait?',
      'users[0].lanes.gruop': 'did you mean group?',
      'users[0].tasks.buy.pay.wieght': 'did you mean weight?',
      'users[0].tasks.more.deep.tag': 'did you mean tags?',
      'users[0].tasks.more.deep.pick': 'did you mean picks?',
      'onMaster.runstart': 'did you mean runStart?',
      'onWorker.workerJoined': 'known options: runStart, runStop, second, tenSeconds',
    });
  });

  test('are refused at once in a load or a schema', async () => {
    const { message } = await refusalOf(`
      const a = user('a', { tasks: { t() {} } });
      export default scenario({ users: [a], load: ramp({ to: 5, ovre: '1m' }) });`);
    expect(message).toContain("ramp: there is no option 'ovre' (did you mean over?)");
    expect(message).toMatch(/at .*shop\.js:\d+:\d+/);
  });
});
