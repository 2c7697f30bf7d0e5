import type { Scope } from '../code/names.js';
import { upperCase, wordsOf } from './words.js';

/**
 * Names of constants for base URLs: `API` for `https://api.shop.example`.
 * @param scope scope of the module
 */
export function nameHosts(urls: readonly string[], scope: Scope): Map<string, string> {
  return new Map(
    [...new Set(urls)].map((url) => {
      const [label = ''] = new URL(url).hostname.replace(/^www\./, '').split('.');
      return [url, scope.take(/^\d+$/.test(label) ? 'HOST' : upperCase(wordsOf(label)))];
    }),
  );
}
