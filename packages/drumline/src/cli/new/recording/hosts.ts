import { Names, upperCase, wordsOf } from './words.js';

/** A constant for each place that requests go to: `API` for `https://api.shop.example`. @param taken by other constants */
export function nameHosts(urls: readonly string[], taken: readonly string[]): Map<string, string> {
  const names = new Names(taken);
  return new Map(
    [...new Set(urls)].map((url) => {
      const [label = ''] = new URL(url).hostname.replace(/^www\./, '').split('.');
      return [url, names.take(/^\d+$/.test(label) ? 'HOST' : upperCase(wordsOf(label)))];
    }),
  );
}
