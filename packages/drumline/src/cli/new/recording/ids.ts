/**
 * Whether a text is one of many: a number, a UUID, a hash, a key out of a database; not a word or a
 * title.
 */
export function looksLikeId(text: string): boolean {
  return (
    /^\d+$/.test(text) ||
    /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text) ||
    (/^[\da-f]{8,}$/i.test(text) && /\d/.test(text)) ||
    /^[a-z]{1,5}[_-](?=\D*\d)[A-Za-z\d]{6,}$/.test(text) ||
    isRandom(text)
  );
}

/**
 * Whether a text is so long and so much by chance that it is the only one of its kind in a
 * recording.
 */
export function looksUnique(text: string): boolean {
  return text.length >= 8 && looksLikeId(text);
}

/** Capitals, small letters and digits in a mixture that no title has. */
function isRandom(text: string): boolean {
  if (text.length < 10 || !/^[\w\-+/=.~]+$/.test(text)) return false;
  const changes = text.match(/[a-z](?=[A-Z\d])|[A-Z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
  return changes >= 3 && /\d/.test(text);
}
