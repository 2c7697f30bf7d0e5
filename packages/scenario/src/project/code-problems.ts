import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildFailure } from 'esbuild';
import { DATA_FILES, drumlineApi } from './bundle.js';
import { findCompiler, findTypeErrors } from './types.js';

const OWN_FILE = fileURLToPath(import.meta.url);

/** Generated scenario code that is not in a file yet. */
export interface ScenarioCode {
  readonly text: string;
  readonly language: 'ts' | 'js';
  /** Directory of the future file. Imports are relative to it. */
  readonly folder: string;
}

/** An error from a compiler. */
export interface CodeProblem {
  /** Line number from 1; 0 if the error has no line. */
  readonly line: number;
  readonly message: string;
}

/** Errors that prevent bundling: syntax errors, duplicate declarations, missing imports. */
export async function findBundlingErrors({ text, language, folder }: ScenarioCode): Promise<CodeProblem[]> {
  try {
    await build({
      stdin: { contents: text, loader: language, resolveDir: folder, sourcefile: `scenario.${language}` },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
      logLimit: 0,
      loader: DATA_FILES,
      plugins: [drumlineApi],
    });
    return [];
  } catch (error) {
    const { errors = [] } = error as Partial<BuildFailure>;
    if (errors.length === 0) throw error;
    return errors.map(({ text: message, location }) => ({ line: location?.line ?? 0, message }));
  }
}

const TYPE_ERROR = /^scenario\.[jt]s\((\d+),\d+\): error \w+: (.*)$/;

const PROJECT = {
  compilerOptions: {
    strict: true,
    target: 'es2023',
    lib: ['es2023'],
    module: 'nodenext',
    moduleResolution: 'nodenext',
    skipLibCheck: true,
    checkJs: true,
    types: [],
  },
};

/** Declarations that generated code needs. They replace the types of Node. */
const ENVIRONMENT = `declare module 'node:fs' {
  export function readFileSync(path: string): Uint8Array;
  export function readFileSync(path: string, encoding: 'utf8'): string;
}
declare const Buffer: { from(text: string): { toString(encoding: 'latin1'): string } };
declare const process: { env: Record<string, string | undefined> };
declare module '*.pem' { const text: string; export default text; }
declare module '*.crt' { const text: string; export default text; }
declare module '*.key' { const text: string; export default text; }
`;

/**
 * Type errors of a scenario, found with the TypeScript installed for it or for Drumline.
 * @returns an empty list if TypeScript is not installed
 */
export async function findTypeProblems({ text, language, folder }: ScenarioCode): Promise<CodeProblem[]> {
  const place = [join(folder, 'scenario'), OWN_FILE].find((from) => findCompiler([from]) !== undefined);
  if (place === undefined) return [];
  const directory = await mkdtemp(join(tmpdir(), 'drumline-code-'));
  try {
    const file = join(directory, `scenario.${language}`);
    await writeFile(file, text);
    await writeFile(join(directory, 'package.json'), '{"type":"module"}');
    await writeFile(join(directory, 'environment.d.ts'), ENVIRONMENT);
    await writeFile(join(directory, 'tsconfig.json'), JSON.stringify(PROJECT));
    const output = await findTypeErrors(file, place);
    return output.split('\n').flatMap((row): CodeProblem[] => {
      const [, line, message] = TYPE_ERROR.exec(row) ?? [];
      return message === undefined ? [] : [{ line: Number(line), message }];
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
