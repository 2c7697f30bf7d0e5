/** Resolves the escapes in a double-quoted string. */
export function unescapeDouble(text: string): string {
  return text.replaceAll(/\\\r?\n/g, '').replaceAll(/\\(["\\$`])/g, '$1');
}

const ANSI: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  e: '\u001B',
  E: '\u001B',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Resolves the escapes of `$'…'` (bash manual, ANSI-C Quoting). Adjacent bytes are UTF-8. */
export function unescapeAnsi(text: string): string {
  return text.replaceAll(
    /(?:\\x[\da-f]{1,2}|\\[0-7]{1,3})+|\\u([\da-f]{1,4})|\\U([\da-f]{1,8})|\\([\s\S])/gi,
    (all: string, short?: string, long?: string, one?: string) => {
      const code = short ?? long;
      const point = Number.parseInt(code ?? '', 16);
      if (code !== undefined) return point > 0x10ffff ? '\uFFFD' : String.fromCodePoint(point);
      if (one !== undefined) return ANSI[one] ?? one;
      const bytes = [...all.matchAll(/\\x([\da-f]{1,2})|\\([0-7]{1,3})/gi)];
      return Buffer.from(
        bytes.map(([, hex, octal]) => Number.parseInt((hex ?? octal)!, hex ? 16 : 8)),
      ).toString();
    },
  );
}
