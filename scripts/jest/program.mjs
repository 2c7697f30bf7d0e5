// Tests run the program as users install it: bundled, so that each of its processes starts faster.
import { join } from 'node:path';
import { stageForTests } from '../dist/pack/for-tests.js';

export default async function stageProgram({ rootDir }) {
  process.env.TESTED_PROGRAM = await stageForTests(join(rootDir));
}
