import { visible } from './escape.js';

const WIDTH = 100;

/** Wraps a text as `//` lines of at most 100 columns. @param indented columns of indentation */
export function commentLines(text: string, indented = 0): string[] {
  const lines: string[] = [];
  const words = text.split(/\s+/).map(visible);
  for (const word of words.filter((part) => part !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && indented + last.length + 1 + word.length <= WIDTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`// ${word}`);
  }
  return lines;
}
