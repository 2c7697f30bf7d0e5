import { readFileSync } from 'node:fs';
import { messageOf } from '@drumline/model';
import { Code, type Text } from '../code/code.js';
import { quote } from '../code/literal.js';

/** Longer files are read by the scenario, shorter ones become part of it. */
const MOST_CHARACTERS = 4_000;

/** The files that commands name: what is short and text goes into the scenario, the rest it reads itself. */
export class CommandFiles {
  readonly problems: string[] = [];
  /** Files that have to be there where the scenario runs. */
  readonly read = new Set<string>();

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
    return text.length <= MOST_CHARACTERS && Buffer.from(text).equals(bytes) ? text : this.#code(path);
  }

  /** A file of certificates or keys: never part of the scenario. */
  pem(path: string): Code {
    return this.#code(path, "'utf8'");
  }

  #code(path: string, ...options: string[]): Code {
    this.read.add(path);
    return new Code(`readFileSync(${[quote(path), ...options].join(', ')})`);
  }
}
