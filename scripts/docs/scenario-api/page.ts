/** The page docs/reference/scenario-api.md, and the check that everything on it has a docstring. */
import { fileURLToPath } from 'node:url';
import { DeclarationFiles, entryPoint } from './declarations.js';
import { sectionsOf, undocumented } from './entries.js';
import { renderPage } from './render.js';

export const PAGE = fileURLToPath(new URL('../../../../docs/reference/scenario-api.md', import.meta.url));

/** @returns the page's text, and the names that lack a docstring, members after their type */
export async function makePage(): Promise<{ text: string; missing: readonly string[] }> {
  const files = new DeclarationFiles();
  const sections = sectionsOf(files, entryPoint('@drumline/scenario')!);
  return { text: await renderPage(files, sections, PAGE), missing: undocumented(sections) };
}
