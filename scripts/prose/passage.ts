import { toString } from 'mdast-util-to-string';
import { remark } from 'remark';
import remarkGfm from 'remark-gfm';
import { SKIP, visit } from 'unist-util-visit';

/** One paragraph, list item or comment paragraph. `line` counts from 1. */
export interface Passage {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const parser = remark().use(remarkGfm);

/** The syntax tree of a Markdown text, tables included. */
export const parseMarkdown = (markdown: string) => parser.parse(markdown);

/**
 * The paragraphs of a Markdown text, list items included. Headings, tables and code blocks are not
 * prose. Inline code counts as one word.
 */
export function paragraphsOf(markdown: string): { line: number; text: string }[] {
  const paragraphs: { line: number; text: string }[] = [];
  visit(parseMarkdown(markdown), (node) => {
    if (node.type === 'table' || node.type === 'heading') return SKIP;
    if (node.type !== 'paragraph') return undefined;
    visit(node, 'inlineCode', (code) => {
      code.value = 'code';
    });
    paragraphs.push({ line: node.position?.start.line ?? 1, text: toString(node).replaceAll(/\s+/g, ' ') });
    return SKIP;
  });
  return paragraphs;
}
