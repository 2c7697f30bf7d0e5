/** HTML that is safe to put into a page as it is. Only `markup`, `trusted` and `embedJson` make it. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What a `markup` template takes: text is escaped, markup is not, `false` and nothing are left out. */
export type Part = Markup | string | number | false | null | undefined | readonly Part[];

/** Builds HTML from a template; everything put into it is escaped, unless it is `Markup` already. */
export function markup(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.reduce((text, string, i) => text + render(parts[i - 1]) + string));
}

/** Text of our own that needs no escaping: style sheets and scripts. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

/** JSON for a `<script type="application/json">`: nothing in it can end the element or start a comment. */
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
