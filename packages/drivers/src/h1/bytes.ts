export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const ZERO = 0x30;

/** 1 for what a field name may consist of: `token` of RFC 9110 §5.6.2. */
export const TOKEN = tableOf(/[!#$%&'*+\-.^_`|~0-9A-Za-z]/);
/** 1 for what a field value or a reason phrase may consist of, RFC 9110 §5.5: tab, visible characters and spaces, and bytes above ASCII. */
export const TEXT = tableOf(/[\t\x20-\x7e\x80-\xff]/);

function tableOf(characters: RegExp): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (characters.test(String.fromCharCode(byte)) ? 1 : 0));
}
