// Bundles the dashboard into three files: the page, its script and its style sheet, the last two
// with a hash in their names. Run by `npm run build`; skipped if nothing has changed.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../../packages/dashboard/', import.meta.url));
const source = join(root, 'src');
const out = join(root, 'dist/app');

if (!(await isFresh())) await bundle();

async function bundle(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [join(source, 'main.tsx'), join(source, 'style.css')],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    write: false,
    outdir: out,
    external: ['node:*'],
  });
  const files = outputFiles.map(({ path, contents }) => {
    const kind = path.endsWith('.css') ? 'css' : 'js';
    const hash = createHash('sha256').update(contents).digest('hex').slice(0, 16);
    return { kind, name: `${kind === 'css' ? 'style' : 'app'}-${hash}.${kind}`, contents };
  });
  const nameOf = (kind: string): string => files.find((file) => file.kind === kind)!.name;
  const page = await readFile(join(source, 'index.html'), 'utf8');
  await rm(out, { recursive: true, force: true });
  await mkdir(join(out, 'assets'), { recursive: true });
  for (const { name, contents } of files) await writeFile(join(out, 'assets', name), contents);
  // The page last: it shows that the others are complete.
  await writeFile(
    join(out, 'index.html'),
    page.replace('{{style}}', nameOf('css')).replace('{{script}}', nameOf('js')),
  );
  const bytes = files.reduce((sum, { contents }) => sum + contents.byteLength, 0);
  console.log(`bundled the dashboard: ${Math.round(bytes / 1024)} KB`);
}

/** Whether the bundle is newer than every source. */
async function isFresh(): Promise<boolean> {
  const made = await stat(join(out, 'index.html')).catch(() => undefined);
  if (!made) return false;
  const names = await readdir(source, { recursive: true });
  const times = await Promise.all(
    [...names.map((name) => join(source, name)), fileURLToPath(import.meta.url)].map(
      async (path) => (await stat(path)).mtimeMs,
    ),
  );
  return Math.max(...times) < made.mtimeMs;
}
