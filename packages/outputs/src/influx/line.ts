/** A value of a field: a bigint is written as an integer, a number as a float. */
export type Field = bigint | number | string | undefined;

/**
 * A point in line protocol, without a newline. Tags that are empty and fields without a value are
 * left out.
 * @returns undefined if no field is left
 */
export function line(
  measurement: string,
  tags: Iterable<readonly [string, string]>,
  fields: Readonly<Record<string, Field>>,
  atNs: bigint,
): string | undefined {
  const values = Object.entries(fields).flatMap(([name, value]) => {
    const text = fieldText(value);
    return text === undefined ? [] : [`${name}=${text}`];
  });
  if (values.length === 0) return undefined;
  let head = measurement;
  for (const [name, value] of tags) if (value !== '') head += `,${escape(name)}=${escape(value)}`;
  return `${head} ${values.join(',')} ${atNs}`;
}

function fieldText(value: Field): string | undefined {
  if (typeof value === 'bigint') return `${value}i`;
  if (typeof value === 'string') return `"${value.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;
  return value !== undefined && Number.isFinite(value) ? String(value) : undefined;
}

/**
 * Escapes a name or value of a tag. The format cannot express control characters, nor a backslash
 * before a character that is escaped.
 */
function escape(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(/\\(?=[\\,= ]|$)/g, '/')
    .replaceAll(/[,= ]/g, String.raw`\$&`);
}
