import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DrumlineError } from '@drumline/model';
import { unknownOptionErrors } from './unknown-options.js';

/**
 * Checks a scenario's types with the TypeScript installed for it, under the nearest tsconfig.json.
 * @param fallback second place to look for TypeScript: a file of Drumline's own installation
 * @returns the compiler's errors, or '' if there are none. In JavaScript without type checks, only
 * unknown options are reported.
 * @throws DrumlineError `scenario-invalid` if TypeScript is not installed
 */
export async function findTypeErrors(
  path: string,
  fallback = fileURLToPath(import.meta.url),
): Promise<string> {
  const file = resolve(path);
  const compiler = findCompiler([file, fallback]);
  // Authors of JavaScript need not install a compiler.
  if (compiler === undefined && isJavaScript(file)) return '';
  if (compiler === undefined) {
    throw new DrumlineError(
      'scenario-invalid',
      'The types cannot be checked: TypeScript is not installed in the scenario’s directory.',
      'Install it with `npm install --save-dev typescript`, or skip the check with --no-types.',
    );
  }
  const directory = await mkdtemp(join(tmpdir(), 'drumline-types-'));
  try {
    const compile = async (name: string, options: object): Promise<string> => {
      const project = join(directory, name);
      await writeFile(project, JSON.stringify(projectFor(file, options)));
      return await run(compiler, ['--project', project, '--pretty', 'false'], dirname(file));
    };
    const [errors, errorsOfJs] = await Promise.all([
      compile('tsconfig.json', {}),
      isJavaScript(file) ? compile('js.json', CHECKED_JS) : '',
    ]);
    return [errors, ...unknownOptionErrors(errorsOfJs, errors)].filter((part) => part !== '').join('\n');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** For JavaScript without type checks: only unknown options are reported. */
const CHECKED_JS = { checkJs: true, noImplicitAny: false };

function isJavaScript(file: string): boolean {
  return /\.[cm]?jsx?$/.test(file);
}

/** The first compiler that one of these files can import; undefined if there is none. */
export function findCompiler(places: readonly string[]): string | undefined {
  for (const from of places) {
    try {
      const manifest = createRequire(from).resolve('typescript/package.json');
      const { bin } = createRequire(from)(manifest) as { bin: { tsc: string } };
      return join(dirname(manifest), bin.tsc);
    } catch {
      // Not installed here.
    }
  }
  return undefined;
}

/**
 * A project of this file and the declarations beside it, such as those from `drumline grpc types`.
 * It extends the user's settings and uses the running program's types for 'drumline'.
 */
function projectFor(file: string, options: object): object {
  const config = nearestConfig(dirname(file));
  const typeRoots = foldersAbove(dirname(file))
    .map((folder) => join(folder, 'node_modules', '@types'))
    .filter((folder) => existsSync(folder));
  // Scenarios read `process.env`, and TypeScript loads only types that are listed.
  const hasNode = typeRoots.some((folder) => existsSync(join(folder, 'node')));
  return {
    ...(config === undefined ? {} : { extends: config }),
    compilerOptions: {
      ...(config === undefined
        ? {
            strict: true,
            target: 'es2023',
            module: 'nodenext',
            moduleResolution: 'nodenext',
            skipLibCheck: true,
            types: hasNode ? ['node'] : [],
          }
        : {}),
      noEmit: true,
      // The scenario, or what it imports, may be JavaScript.
      allowJs: true,
      composite: false,
      incremental: false,
      emitDeclarationOnly: false,
      typeRoots,
      ...options,
      ...(canResolveDrumline(file)
        ? {}
        : { paths: { drumline: [fileURLToPath(new URL('../index.d.ts', import.meta.url))] } }),
    },
    include: [join(dirname(file), '*.d.ts')],
    exclude: [],
    references: [],
    files: [file],
  };
}

function nearestConfig(folder: string): string | undefined {
  return foldersAbove(folder)
    .map((above) => join(above, 'tsconfig.json'))
    .find((path) => existsSync(path));
}

function foldersAbove(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)];
}

function canResolveDrumline(file: string): boolean {
  return foldersAbove(dirname(file)).some((folder) =>
    existsSync(join(folder, 'node_modules', 'drumline', 'package.json')),
  );
}

function run(compiler: string, args: string[], cwd: string): Promise<string> {
  return new Promise((settle, fail) => {
    const child = spawn(process.execPath, [compiler, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', fail);
    child.on('close', (code) => settle(code === 0 ? '' : output.trim() || `the compiler ended with ${code}`));
  });
}
