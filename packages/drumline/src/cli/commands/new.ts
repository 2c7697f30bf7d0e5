import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { DrumlineError, messageOf } from '@drumline/model';
import { defineCommand } from '../command.js';
import { starterFiles } from '../starter.js';
import { readVersion } from '../version.js';

const NEXT = `  npm install
  npx drumline check    types and plan, without making load
  npm run server        something to aim at, in another terminal
  npx drumline run      or at your own system: --target https://…`;

export const newProject = defineCommand({
  usage: 'new [dir]',
  about: 'Write a scenario to start with, and what belongs around it',
  positionals: { dir: { type: 'string', default: '.', describe: 'Folder; made if it is not there' } },
  options: {},
  examples: [
    ['load-tests', 'Into a new folder'],
    ['', 'Into this one'],
  ],
  run: async ({ dir }) => {
    const files = starterFiles(packageName(dir), readVersion());
    const inTheWay = Object.keys(files).filter((name) => existsSync(join(dir, name)));
    if (inTheWay.length > 0) {
      throw new DrumlineError(
        'output-unwritable',
        `nothing was written, because ${dir} already has ${inTheWay.join(', ')}`,
        'Choose another folder: drumline new load-tests.',
      );
    }
    write(dir, files);
    console.log(`Wrote ${Object.keys(files).join(', ')}.\n\nNext:`);
    const folder = relative('.', dir);
    if (folder !== '') console.log(`  cd ${folder}`);
    console.log(NEXT);
  },
});

function write(dir: string, files: Record<string, string>): void {
  try {
    mkdirSync(dir, { recursive: true });
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(dir, name), content, { flag: 'wx' });
  } catch (error) {
    throw new DrumlineError('output-unwritable', `the project cannot be written: ${messageOf(error)}`);
  }
}

function packageName(dir: string): string {
  const name = basename(resolve(dir))
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return name || 'load-tests';
}
