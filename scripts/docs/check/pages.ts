import { readFileSync } from 'node:fs';
import { visit } from 'unist-util-visit';
import { proseFiles } from '../../prose/files.js';
import { parseMarkdown } from '../../prose/passage.js';

/** Code of a page. `line` is the line of its first character, from 1. */
export interface Code {
  readonly file: string;
  readonly line: number;
  /** Language of a block; `inline` for code within a sentence. */
  readonly language: string;
  readonly text: string;
}

/** All code in the Markdown pages of this checkout. */
export function codeOfPages(): Code[] {
  return proseFiles('.').markdown.flatMap((file) => codeOf(file, readFileSync(file, 'utf8')));
}

function codeOf(file: string, markdown: string): Code[] {
  const found: Code[] = [];
  visit(parseMarkdown(markdown), (node) => {
    const line = node.position?.start.line ?? 1;
    if (node.type === 'code')
      found.push({ file, line: line + 1, language: node.lang ?? '', text: node.value });
    if (node.type === 'inlineCode') found.push({ file, line, language: 'inline', text: node.value });
  });
  return found;
}
