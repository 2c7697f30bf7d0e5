/** Splits a name of any style into words: `orderItem_id` into order, item, id. */
export function wordsOf(name: string): string[] {
  return name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** `orderItemId`. The result is an identifier, `value` if there are no words. */
export function camelCase(words: readonly string[]): string {
  const name = words
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
  if (name === '') return 'value';
  return /^\d/.test(name) ? `_${name}` : name;
}

/** `ORDER_ITEM_ID`. The result is an identifier, `VALUE` if there are no words. */
export function upperCase(words: readonly string[]): string {
  const name = words.join('_').toUpperCase();
  if (name === '') return 'VALUE';
  return /^\d/.test(name) ? `_${name}` : name;
}

/** The likely singular of an English word: category for `categories`, address for `addresses`. */
export function singular(word: string): string {
  if (/(?:ss|us|is|news)$/.test(word)) return word;
  if (/^(?:people|children)$/.test(word)) return word === 'people' ? 'person' : 'child';
  if (/(?:movie|cookie|selfie)s$/.test(word)) return word.slice(0, -1);
  if (word.endsWith('lves')) return word.replace(/ves$/, 'f');
  if (word.endsWith('ies') && word.length > 5) return word.replace(/ies$/, 'y');
  if (/(?:ss|x|ch|sh)es$/.test(word)) return word.replace(/es$/, '');
  return word.replace(/s$/, '');
}
