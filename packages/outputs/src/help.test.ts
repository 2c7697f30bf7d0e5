import { expect, test } from '@jest/globals';
import { findOutput, listOutputs } from './built-in.js';
import { OutputProblem } from './spec.js';

test('the help of each output lists the options that it reads', async () => {
  for (const { name, example, options = [], install } of await listOutputs()) {
    if (install !== undefined) continue;
    const factory = await findOutput(name);
    const url = example.slice(example.indexOf('=') + 1);
    const known = await problemsOf(() => factory.create({ name, url, options: { zzzzzzzz: '1' } }));
    const read = /there is no option zzzzzzzz; known options: (.*)$/m.exec(known)?.[1] ?? known;
    const helped = options.map((one) => one.name).filter((one) => one !== 'header-NAME');
    expect([name, [...new Set(read.split(', '))].sort()]).toEqual([name, helped.sort()]);
  }
});

async function problemsOf(create: () => unknown): Promise<string> {
  try {
    await create();
  } catch (error) {
    if (error instanceof OutputProblem) return error.problems.join('\n');
    throw error;
  }
  return 'no problem';
}
