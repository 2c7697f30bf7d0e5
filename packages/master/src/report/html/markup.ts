/** HTML that is safe to insert into a page. Only `markup`, `trusted` and `embedJson` create it. */
export class Markup {
  constructor(readonly text: string) {}
}

/**
 * A value in a `markup` template. Text is escaped, markup is not. `false`, null and undefined
 * render nothing.
 */
export type Part = Markup | string | number | false | null | undefined | readonly Part[];

/** Builds HTML from a template. Escapes all inserted values except `Markup`. */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.reduce((text, string, i) => text + render(parts[i - 1]) + string));
}

/** Marks text of Drumline itself as safe: style sheets and scripts. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

/**
 * Encodes JSON for `<script type="application/json">`. Its text cannot end the element or start a
 * comment.
 */
export function embedJson(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, unicodeEscape));
}

function render(part: Part): string {
  if (part === undefined || part === null || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(render).join('');
  return String(part).replace(/[&<>"']/g, (char) => ENTITIES[char]!);
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
