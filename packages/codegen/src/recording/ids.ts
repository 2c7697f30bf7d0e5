/** Whether a text looks like an id: a number, a UUID, a hash or a random key. */
export function looksLikeId(text: string): boolean {
  return (
    /^\d+$/.test(text) ||
    /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text) ||
    (/^[\da-f]{8,}$/i.test(text) && /\d/.test(text)) ||
    /^[a-z]{1,5}[_-](?=\D*\d)[A-Za-z\d]{6,}$/.test(text) ||
    isRandom(text)
  );
}

/** Whether a text is an id that is long enough to be unique in a recording. */
export function looksUnique(text: string): boolean {
  return text.length >= 8 && looksLikeId(text);
}

/** Whether upper case, lower case and digits alternate as in random keys. */
function isRandom(text: string): boolean {
  if (text.length < 10 || !/^[\w\-+/=.~]+$/.test(text)) return false;
  const changes = text.match(/[a-z](?=[A-Z\d])|[A-Z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
  return changes >= 3 && /\d/.test(text);
}
