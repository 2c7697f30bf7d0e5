import { Code, concat, isCode, isFields, isList, type Text, type Value } from './code.js';

/** The JSON of a value. If the value contains code, the result is code that evaluates to it. */
export function jsonOf(value: Value): Text {
  if (isCode(value)) return new Code(`JSON.stringify(${value.text})`, value.uses);
  if (isList(value)) return concat(['[', ...separated(value.map(jsonOf)), ']']);
  if (!isFields(value)) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, inner]) =>
    concat([`${JSON.stringify(key)}:`, jsonOf(inner)]),
  );
  return concat(['{', ...separated(fields), '}']);
}

function separated(texts: readonly Text[]): Text[] {
  return texts.flatMap((text, index) => (index === 0 ? [text] : [',', text]));
}
