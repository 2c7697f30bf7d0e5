// Patterns for the parts in which messages of one kind differ. No replacement matches a pattern.

const UUID = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi;
const TIMESTAMP =
  /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?|(?<![\d:])\d\d:\d\d:\d\d(?![\d:])/g;
const MEMORY = /\b0x[0-9a-f]+\b/gi;
const IPV4 = /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g;
const IN_BRACKETS = /\[[0-9a-f:.]*:[0-9a-f:.]*\](?::\d{1,5})?/gi;
/** Abbreviated or complete. */
const IPV6 = /(?<![\w:.])(?:(?=[0-9a-f:]*::)[0-9a-f:]{2,}|(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4})(?![\w:])/gi;
const PORT = /(?<=[a-z]):\d{2,5}(?![\w.:])/gi;
const HEX = /\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b/gi;
/** Numbers on their own, not in versions, sizes, percentages or durations. */
const NUMBER = /(?<![\w./%-])-?\d+(?![\w.%])|(?<=(?<!HTTP)\/)\d+(?![\w.])/gi;

/** Text around a number that distinguishes kinds of errors, such as a status or a code. */
const TELLING_BEFORE =
  /(?:^|\b(?:status|code|http\S*|expected|got|was|is|not|or|returned|answered|with|closed)[\s:='"(]*)$/i;
const TELLING_AFTER = /^ [A-Z]/;
const LONGEST_TELLING = 4;

const MAX_REMEMBERED = 2_000;
const remembered = new Map<string, string>();

/**
 * The kind of a message: its text with addresses, ids, times and numbers replaced by placeholders.
 * The function is idempotent.
 */
export function kindOfMessage(message: string): string {
  if (!/\d/.test(message) && !message.includes('[')) return message;
  const known = remembered.get(message);
  if (known !== undefined) return known;
  const kind = generalized(message);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(message, kind);
  return kind;
}

function generalized(message: string): string {
  return message
    .replace(UUID, '<id>')
    .replace(TIMESTAMP, '<time>')
    .replace(MEMORY, '<address>')
    .replace(IPV4, '<address>')
    .replace(IN_BRACKETS, '<address>')
    .replace(IPV6, '<address>')
    .replace(PORT, ':<port>')
    .replace(HEX, '<id>')
    .replace(NUMBER, (number, at: number, whole: string) =>
      isTelling(number, whole.slice(Math.max(0, at - 20), at), whole.slice(at + number.length))
        ? number
        : '<number>',
    );
}

function isTelling(number: string, before: string, after: string): boolean {
  if (number.length > LONGEST_TELLING) return false;
  return TELLING_BEFORE.test(before) || (number.length === 3 && TELLING_AFTER.test(after));
}
