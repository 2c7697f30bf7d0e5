// Removes files that this image can never load from a production install.
// Usage: `node slim.mjs ROOT`, on the platform of the image.
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const root = resolve(process.argv[2] ?? '.');
const modules = join(root, 'node_modules');

keepTheLoadedAddon();
removeFiles(/\.([cm]?tsx?|map|md)$/i, modules, (path) => !/(licen[cs]e|notice|copying)[^/]*$/i.test(path));

/** zeromq ships a library for every platform. Keep only the one that this process has mapped. */
function keepTheLoadedAddon() {
  const zeromq = createRequire(join(root, 'packages/wire/package.json')).resolve('zeromq');
  createRequire(zeromq)(zeromq);
  const loaded = readFileSync('/proc/self/maps', 'utf8').match(/\/\S+\.node$/gm);
  if (!loaded) throw new Error('zeromq loaded no addon: nothing was removed');
  removeFiles(/\.node$/, join(modules, 'zeromq'), (path) => !loaded.includes(path));
  rmSync(join(modules, 'zeromq/script'), { recursive: true, force: true });
}

function removeFiles(pattern, folder, unwanted) {
  for (const entry of readdirSync(folder, { recursive: true })) {
    const path = join(folder, entry);
    if (pattern.test(entry) && statSync(path, { throwIfNoEntry: false })?.isFile() && unwanted(path))
      rmSync(path);
  }
}
