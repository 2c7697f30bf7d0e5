import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Code } from './pages.js';

const FOLDER = 'scripts/dist/scenarios-of-pages';

/**
 * Type-checks the scenarios and programs in the pages: blocks of TypeScript that import from
 * 'drumline' or 'drumline/client'. Blocks without that import are excerpts and are not checked.
 *
 * @returns the compiler's errors, with the place in the page
 */
export function scenarioErrors(codes: readonly Code[]): string[] {
  const scenarios = codes.filter(
    ({ language, text }) => language === 'ts' && /from 'drumline(?:\/client)?'/.test(text),
  );
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const pages = new Map<string, Code>();
  for (const [index, code] of scenarios.entries()) {
    const name = `${index}-${basename(code.file, '.md')}.ts`;
    pages.set(name, code);
    writeFileSync(join(FOLDER, name), code.text);
  }
  writeFileSync(join(FOLDER, 'imports.d.ts'), IMPORTED_FILES);
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(SETTINGS));
  return compile().map((line) =>
    line.replace(/^(?:.*\/)?(\d+-[\w-]+\.ts)\((\d+),\d+\)/, (all, name: string, row: string) => {
      const code = pages.get(name);
      return code === undefined ? all : `${code.file}:${code.line + Number(row) - 1}`;
    }),
  );
}

const SETTINGS = {
  extends: '../../../tsconfig.base.json',
  compilerOptions: {
    composite: false,
    noEmit: true,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    resolveJsonModule: true,
    moduleDetection: 'force',
    module: 'ESNext',
    moduleResolution: 'Bundler',
  },
  include: ['*.ts'],
};

/** Files that a bundle imports as text or bytes. */
const IMPORTED_FILES = ['csv', 'txt', 'html', 'graphql', 'pem', 'crt', 'key']
  .map((ending) => `declare module '*.${ending}' { const text: string; export default text; }`)
  .concat("declare module '*.bin' { const bytes: Uint8Array; export default bytes; }")
  .join('\n');

function compile(): string[] {
  try {
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', FOLDER, '--pretty', 'false'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return [];
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (stdout === undefined || stdout === '') throw error;
    return stdout.trim().split('\n');
  }
}
