import { formatBytes, messageOf } from '@drumline/model';
import { requireShallow } from '@drumline/scenario/text-file';
import { throwProblems } from './problems.js';

/** The text that a scenario is generated from. */
export interface SourceText {
  /** Without a byte order mark. */
  readonly text: string;
  /** Its name in messages and comments, such as `shop.har`. */
  readonly name: string;
}

/**
 * Rejects texts that would take minutes to parse.
 * @param longest the largest size allowed, bytes
 * @throws DrumlineError `usage` if the text is too long or nested too deeply
 */
export function requireParsable({ text, name }: SourceText, longest = Infinity): void {
  if (text.length > longest) throwProblems(name, [`it is larger than ${formatBytes(longest)}`]);
  try {
    requireShallow(text);
  } catch (error) {
    throwProblems(name, [messageOf(error)]);
  }
}
