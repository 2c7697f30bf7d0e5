import { readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { messageOf } from '@drumline/model';
import { Code, type Text } from '../code/code.js';
import { quote } from '../code/literal.js';
import type { ImportDraft } from '../draft.js';

/** Longer files are read by the scenario, shorter ones become part of it. */
const MOST_CHARACTERS = 4_000;

/** The files that commands name: what is short and text goes into the scenario, the rest it imports or reads itself. */
export class CommandFiles {
  readonly problems: string[] = [];
  readonly imports: ImportDraft[] = [];
  /** Files that have to be there where the scenario runs. */
  readonly read = new Set<string>();

  /** @param folder of the scenario */
  constructor(private readonly folder: string) {}

  /** The content of a file that a request sends. */
  content(path: string): Text {
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch (error) {
      this.problems.push(`the file ${path} cannot be read: ${messageOf(error)}`);
      return '';
    }
    const text = bytes.toString();
    if (text.length <= MOST_CHARACTERS && Buffer.from(text).equals(bytes)) return text;
    return this.#readBy(path);
  }

  /** A file of certificates or keys: imported, so that the workers are sent it. @param name of the constant */
  pem(name: string, path: string): Code {
    if (!/\.(?:pem|crt|key)$/.test(path)) return this.#readBy(path, "'utf8'");
    const module = relative(this.folder, resolve(path)).replaceAll(sep, '/');
    this.#import({ what: name, module: module.startsWith('.') ? module : `./${module}` });
    return new Code(name);
  }

  #readBy(path: string, ...options: string[]): Code {
    this.read.add(path);
    this.#import({ what: '{ readFileSync }', module: 'node:fs' });
    return new Code(`readFileSync(${[quote(path), ...options].join(', ')})`);
  }

  #import(wanted: ImportDraft): void {
    if (!this.imports.some(({ what }) => what === wanted.what)) this.imports.push(wanted);
  }
}
