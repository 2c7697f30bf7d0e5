// Bundles the dashboard, run by `npm run build` and skipped if nothing has changed:
// - dist/app: the page of the master, its script and its style sheet, with a hash in their names
// - dist/report: the renderer of HTML reports, with the script and the style sheet of a report
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('../../../packages/dashboard/', import.meta.url));
const source = join(root, 'src');
const app = join(root, 'dist/app');
const report = join(root, 'dist/report');
const renderer = join(report, 'render.js');

/** Renders in a thread: from a result and its series over time, as JSON, to a page. */
const THREAD = `import { parentPort, workerData } from 'node:worker_threads';
import { renderHtml } from './render.js';

const { result, series } = JSON.parse(workerData);
parentPort.postMessage(renderHtml(result, series));
`;

const OPTIONS = {
  bundle: true,
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: true,
  legalComments: 'none',
  write: false,
  outdir: app,
} as const satisfies BuildOptions;

if (!(await isFresh())) {
  await bundleApp();
  await bundleReport();
}

async function bundleApp(): Promise<void> {
  const files = [
    { kind: 'js', text: await bundled('main.tsx', { format: 'esm' }) },
    { kind: 'css', text: await styleSheet() },
  ].map(({ kind, text }) => {
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
    return { kind, name: `${kind === 'css' ? 'style' : 'app'}-${hash}.${kind}`, text };
  });
  const nameOf = (kind: string): string => files.find((file) => file.kind === kind)!.name;
  const page = await readFile(join(source, 'index.html'), 'utf8');
  await rm(app, { recursive: true, force: true });
  await mkdir(join(app, 'assets'), { recursive: true });
  for (const { name, text } of files) await writeFile(join(app, 'assets', name), text);
  await writeFile(
    join(app, 'index.html'),
    page.replace('{{style}}', nameOf('css')).replace('{{script}}', nameOf('js')),
  );
  const size = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  console.log(`bundled the dashboard: ${kilobytes(size)}`);
}

/** Writes the renderer last: it shows that everything is complete. */
async function bundleReport(): Promise<void> {
  const script = await bundled('report/main.tsx', { format: 'iife' });
  const style = await styleSheet();
  const page = { script, scriptHash: policyHash(script), style, styleHash: policyHash(style) };
  const text = await bundled('report/render.tsx', {
    format: 'esm',
    platform: 'node',
    target: 'node20',
    plugins: [
      modulePlugin(
        'built:page',
        `export const { script, scriptHash, style, styleHash } = ${JSON.stringify(page)};`,
      ),
      // Only browsers draw with it.
      modulePlugin('uplot', 'export default undefined;'),
    ],
  });
  await mkdir(report, { recursive: true });
  await writeFile(join(report, 'thread.js'), THREAD);
  await writeFile(renderer, text);
  console.log(
    `bundled the HTML report: ${kilobytes(Buffer.byteLength(text))}, script ${kilobytes(script.length)}`,
  );
}

async function bundled(entry: string, options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    ...OPTIONS,
    entryPoints: [join(source, entry)],
    external: ['node:*'],
    ...options,
    write: false,
  });
  return outputFiles[0]!.text.trim();
}

async function styleSheet(): Promise<string> {
  const { themeCss } = (await import(join(root, 'dist/src/style/theme.js'))) as { themeCss: () => string };
  const { outputFiles } = await build({
    ...OPTIONS,
    stdin: {
      contents: `${await readFile(join(source, 'style.css'), 'utf8')}\n${themeCss()}`,
      loader: 'css',
      resolveDir: source,
    },
  });
  return outputFiles[0]!.text.trim();
}

/** A module whose text is given. */
function modulePlugin(name: string, contents: string): Plugin {
  return {
    name,
    setup: (bundler) => {
      bundler.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: 'given' }));
      bundler.onLoad({ filter: new RegExp(`^${name}$`), namespace: 'given' }, () => ({ contents }));
    },
  };
}

/** As a content security policy names a script or a style sheet. */
function policyHash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1024)} KB`;
}

/** Whether the bundles are newer than every source. */
async function isFresh(): Promise<boolean> {
  const made = await stat(renderer).catch(() => undefined);
  if (!made) return false;
  const names = await readdir(source, { recursive: true });
  const times = await Promise.all(
    [...names.map((name) => join(source, name)), fileURLToPath(import.meta.url)].map(
      async (path) => (await stat(path)).mtimeMs,
    ),
  );
  return Math.max(...times) < made.mtimeMs;
}
