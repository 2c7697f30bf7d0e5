import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

/** Documents of the YAML blocks of a page in `docs/`, with the heading above them. */
export function yamlBlocks<T>(page: string): { readonly heading: string; readonly content: T }[] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  let heading = '';
  const found: { heading: string; content: T }[] = [];
  for (const [, title, block] of text.matchAll(/^#+ (.*)$|^```yaml\n([\s\S]*?)^```$/gm)) {
    heading = title ?? heading;
    if (block !== undefined)
      found.push(...parseAllDocuments(block).map((document) => ({ heading, content: document.toJS() as T })));
  }
  return found;
}
