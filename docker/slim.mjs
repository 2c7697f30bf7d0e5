// Removes files that this image can never load from a production install.
// Usage: `node slim.mjs ROOT ARCHITECTURE`, with Node's name of the architecture (`x64`, `arm64`).
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const [root, architecture] = process.argv.slice(2);
const modules = join(root, 'node_modules');

keepTheAddonsOf(architecture);
removeFiles(/\.([cm]?tsx?|map|md)$/i, modules, (path) => !/(licen[cs]e|notice|copying)[^/]*$/i.test(path));

/** Of zeromq's libraries, keep those for Debian on one architecture, with Node 20 or newer. */
function keepTheAddonsOf(architecture) {
  const zeromq = join(modules, 'zeromq');
  const usable = new RegExp(`/linux/${architecture}/node/glibc-\\d{3}-[^/]+/addon\\.node$`);
  const kept = readdirSync(zeromq, { recursive: true }).filter((path) => usable.test(String(path)));
  if (kept.length === 0) throw new Error(`zeromq has no library for ${architecture}: nothing was removed`);
  removeFiles(/\.node$/, zeromq, (path) => !usable.test(path));
  rmSync(join(zeromq, 'script'), { recursive: true, force: true });
}

function removeFiles(pattern, folder, unwanted) {
  for (const entry of readdirSync(folder, { recursive: true })) {
    const path = join(folder, entry);
    if (pattern.test(entry) && statSync(path, { throwIfNoEntry: false })?.isFile() && unwanted(path))
      rmSync(path);
  }
}
