#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);
const main = new URL('../dist/cli/main.js', import.meta.url);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: Drumline needs Node.js 20.19 or newer; this is ${process.version}`);
  console.error('hint: Install a newer version from https://nodejs.org, or select one with nvm or fnm.');
  process.exit(2);
} else if (!existsSync(main)) {
  console.error('error: Drumline has not been built: its dist directory is missing');
  console.error('hint: In a clone of the repository: npm ci && npm run build.');
  process.exit(2);
} else {
  module.enableCompileCache?.();
  const { runCli } = await import(main.href);
  await runCli(process.argv.slice(2));
}
