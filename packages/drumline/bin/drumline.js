#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';

/** The program opens most of its own files at the same moment, before its first connection. */
const LEAST_OPEN_FILES = 192;

const [major, minor] = process.versions.node.split('.').map(Number);
const main = new URL('../dist/cli/main.js', import.meta.url);
const openFiles = openFilesLimit();

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: Drumline needs Node.js 20.19 or newer; this is ${process.version}`);
  console.error('hint: Install a newer version from https://nodejs.org, or select one with nvm or fnm.');
  process.exit(2);
} else if (openFiles < LEAST_OPEN_FILES) {
  failForOpenFiles(`this process may open only ${openFiles}`);
} else if (!existsSync(main)) {
  console.error('error: Drumline has not been built: its dist directory is missing');
  console.error('hint: In a clone of the repository: npm ci && npm run build.');
  process.exit(2);
} else {
  module.enableCompileCache?.();
  const { runCli } = await import(main.href).catch((error) => {
    // Other systems than Linux do not show the limit.
    if (error.code === 'EMFILE') failForOpenFiles('this process may open fewer');
    if (error.code === 'ENFILE')
      failForOpenFiles('all processes of this machine together have opened too many');
    throw error;
  });
  await runCli(process.argv.slice(2));
}

/** The limit of this process, which Node has raised if it may; `Infinity` if it is unknown. */
function openFilesLimit() {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? Infinity : Number(soft);
  } catch {
    return Infinity;
  }
}

/** Ends as `limits-too-low`. */
function failForOpenFiles(why) {
  console.error(`error: Drumline needs ${LEAST_OPEN_FILES} open files, and ${why} (ulimit -n)`);
  console.error(
    'hint: Raise the limit where the process starts: ulimit -n 4096; --ulimit nofile=4096 of a container; LimitNOFILE=4096 of a systemd service.',
  );
  process.exit(25);
}
