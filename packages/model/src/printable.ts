/** Control characters except line feeds and tabs. They can move the cursor or change colors. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Makes foreign text safe for a terminal: control characters are shown in hexadecimal. */
export function printable(text: string): string {
  return text.replaceAll(
    CONTROL,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** Cuts a text to at most `most` characters, with an ellipsis at the end. */
export function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
