/** Docstrings: the text, and the tags `@param`, `@returns`, `@throws` and `@internal`. */

export interface Doc {
  /** Markdown, with the line ends of the comment. */
  readonly text: string;
  readonly params: readonly { readonly name: string; readonly text: string }[];
  readonly returns: string | undefined;
  readonly throws: readonly string[];
  /** Not for users: the page leaves it out. */
  readonly internal: boolean;
}

const TAG = /(?:^|\s)@(param|returns|throws|internal)\b[ \t]*/;

/** The docstring that ends right before `start`, if there is one. */
export function docBefore(text: string, start: number): Doc | undefined {
  const before = text.slice(0, start).trimEnd();
  if (!before.endsWith('*/')) return undefined;
  const comment = before.slice(before.lastIndexOf('/*'));
  return comment.startsWith('/**') ? parseDoc(comment) : undefined;
}

/** Reads a docstring with its comment marks. */
function parseDoc(comment: string): Doc {
  const body = comment
    .slice(3, -2)
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
  const [text = '', ...tags] = body.split(TAG);
  const params: { name: string; text: string }[] = [];
  const throws: string[] = [];
  let returns: string | undefined;
  let internal = false;
  let rest = '';
  for (let i = 0; i < tags.length; i += 2) {
    const value = tags[i + 1]!.trim();
    if (tags[i] === 'param') {
      const [, name = '', what = ''] = /^(\S+)\s*(?:- )?([\s\S]*)$/.exec(value) ?? [];
      params.push({ name, text: what });
    } else if (tags[i] === 'returns') returns = value;
    else if (tags[i] === 'throws') throws.push(value);
    else {
      internal = true;
      rest = value;
    }
  }
  return { text: text.trim() || rest, params, returns, throws, internal };
}

/** A docstring's text without its sentence about the default, and that sentence's value. */
export function splitDefault(text: string): { text: string; preset: string | undefined } {
  let preset: string | undefined;
  const kept = sentencesOf(text).filter((sentence) => {
    const [, value] = /^Default:? ([\s\S]+?)[.;]?\s*$/.exec(sentence) ?? [];
    if (value === undefined || preset !== undefined || !isShort(value)) return true;
    preset = value;
    return false;
  });
  return { text: kept.join('').trim(), preset };
}

function isShort(value: string): boolean {
  return value.length <= 120;
}

/** Sentences with the spaces after them. A point within code or a number ends no sentence. */
function sentencesOf(text: string): string[] {
  return text.match(/(?:`[^`]*`|[^`])+?(?:[.;](?=\s+[A-Z`]|\s*$)\s*|$)/g) ?? [];
}
