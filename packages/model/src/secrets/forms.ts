import { base64Of, utf8Of, wellFormed } from './base64.js';
import { MIN_SECRET_LENGTH } from './secrets.js';

/** The shortest line or base64 part of a secret that is masked. Shorter ones are too common. */
const MIN_PART_LENGTH = 8;

/** The forms of a secret in output and reports: plain, each line, JSON, URL-encoded and base64. */
export function formsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).filter((line) => line.length >= MIN_PART_LENGTH);
  const texts = [value, ...lines].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    ...inUrls(text),
  ]);
  return [...new Set([...texts.filter(({ length }) => length >= MIN_SECRET_LENGTH), ...inBase64(value)])];
}

function inUrls(text: string): string[] {
  return [encodeURIComponent(wellFormed(text)), encodeURI(wellFormed(text))].flatMap((one) => [
    one,
    one.replaceAll(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    one.replaceAll('%20', '+'),
  ]);
}

/** The three base64 forms, by the position of the secret modulo 3 bytes: RFC 4648, section 4. */
function inBase64(text: string): string[] {
  const bytes = utf8Of(text);
  return [0, 1, 2].flatMap((before) => {
    const encoded = base64Of([...Array.from({ length: before }, () => 0), ...bytes]);
    // Only digits whose six bits all belong to the secret.
    const inside = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    if (inside.length < MIN_PART_LENGTH) return [];
    return [inside, inside.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
