/** The words of a name in whatever style: `orderItem_id` is order, item, id. */
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

/** `orderItemId`; always an identifier, never empty. */
export function camelCase(words: readonly string[]): string {
  const name = words
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
  if (name === '') return 'value';
  return /^\d/.test(name) ? `_${name}` : name;
}

/** `ORDER_ITEM_ID` */
export function upperCase(words: readonly string[]): string {
  const name = words.join('_').toUpperCase();
  if (name === '') return 'VALUE';
  return /^\d/.test(name) ? `_${name}` : name;
}

/** One of many, as far as English can be guessed: `categories` is category, `addresses` address. */
export function singular(word: string): string {
  if (/(?:ss|us|is|news)$/.test(word)) return word;
  if (/^(?:people|children)$/.test(word)) return word === 'people' ? 'person' : 'child';
  if (/(?:movie|cookie|selfie)s$/.test(word)) return word.slice(0, -1);
  if (word.endsWith('lves')) return word.replace(/ves$/, 'f');
  if (word.endsWith('ies') && word.length > 5) return word.replace(/ies$/, 'y');
  if (/(?:ss|x|ch|sh)es$/.test(word)) return word.replace(/es$/, '');
  return word.replace(/s$/, '');
}
