import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { messageOf } from '@drumline/model';
import { Code, type Text } from '../code/code.js';
import { quote } from '../code/literal.js';
import { Names } from '../code/names.js';
import type { ImportDraft } from '../code/draft.js';
import type { ShellInput } from './shell.js';

/** Longest text file that becomes part of the scenario. Longer files are read at run time. */
const MOST_CHARACTERS = 4_000;

/** The files that the scenario imports or reads. */
export class ScenarioFiles {
  readonly imports: ImportDraft[] = [];
  /** Paths of the files that workers read. */
  readonly read = new Set<string>();
  readonly #names = new Names();

  /** @param folder of the scenario */
  constructor(private readonly folder: string) {}

  /** Code that reads a file on the worker. */
  readAtRuntime(path: string, ...options: string[]): Code {
    this.read.add(path);
    if (!this.imports.some(({ module }) => module === 'node:fs'))
      this.imports.push({ what: '{ readFileSync }', module: 'node:fs' });
    return new Code(`readFileSync(${[quote(path), ...options].join(', ')})`);
  }

  /** Imports a file of certificates or keys, which makes it part of the bundle. */
  importOf(name: string, path: string): Code {
    const written = relative(this.folder, resolve(path)).replaceAll(sep, '/');
    const module = written.startsWith('.') ? written : `./${written}`;
    const known = this.imports.find((one) => one.module === module);
    if (known !== undefined) return new Code(known.what);
    const what = this.#names.take(name);
    this.imports.push({ what, module });
    return new Code(what);
  }
}

/** Reads the files that one command names. */
export class CommandFiles {
  /**
   * @param input standard input of the command
   * @param problems receives the problems of its files
   */
  constructor(
    private readonly scenario: ScenarioFiles,
    private readonly input: ShellInput | undefined,
    readonly problems: string[],
  ) {}

  /** The content of a file that a request sends. @param path `-` for standard input */
  content(path: string): Text {
    if (path === '-') return this.#readInput();
    const bytes = this.#readFile(path);
    if (bytes === undefined) return '';
    const text = bytes.toString();
    const isText = text.length <= MOST_CHARACTERS && Buffer.from(text).equals(bytes);
    return isText ? text : this.scenario.readAtRuntime(path);
  }

  /** The text of a file, which becomes part of the scenario even if it is long. */
  text(path: string): string {
    if (path !== '-') return this.#readFile(path)?.toString() ?? '';
    const input = this.#readInput();
    return typeof input === 'string' ? input : '';
  }

  /** The text of a file, or an empty string if it cannot be read. */
  textIfExists(path: string): string {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  }

  /** Code for a file of certificates or keys. @param name name of its constant */
  pem(name: string, path: string): Code {
    if (!existsSync(path)) {
      this.problems.push(`the file ${path} cannot be read: it does not exist`);
      return new Code("''");
    }
    if (/\.(?:pem|crt|key)$/.test(path)) return this.scenario.importOf(name, path);
    return this.scenario.readAtRuntime(path, "'utf8'");
  }

  #readInput(): Text {
    const { input } = this;
    if (input?.kind === 'text') return input.text;
    if (input?.kind === 'file') return this.content(input.path);
    this.problems.push(
      input === undefined
        ? 'it reads standard input, which is not available here'
        : `it reads the output of ${input.program}, which is not run here`,
    );
    return '';
  }

  #readFile(path: string): Buffer | undefined {
    try {
      return readFileSync(path);
    } catch (error) {
      this.problems.push(`the file ${path} cannot be read: ${messageOf(error)}`);
      return undefined;
    }
  }
}
