/** The most bytes of a request. */
export const MAX_REQUEST_BYTES = 4_096;

const TYPES = ['second', 'detail', 'end'] as const;
type RecordType = (typeof TYPES)[number];

/** What a reader of a Unix socket asks for. */
export interface ReaderRequest {
  /** The last record that it has; absent for records from now on. */
  readonly after?: number;
  /** The run of that record; absent for the run of this tap. */
  readonly run?: string;
  /** The types of records that it wants; absent for all. */
  readonly types?: readonly RecordType[];
}

/** Reads the line of a reader. @returns a problem as a sentence if it is invalid */
export function readRequest(line: string): ReaderRequest | { readonly problem: string } {
  if (line.length > MAX_REQUEST_BYTES)
    return { problem: `The request is longer than ${MAX_REQUEST_BYTES} bytes.` };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { problem: 'The request is not JSON. Send a line such as {"after": 120}.' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problem: 'The request must be a JSON object, such as {"after": 120}.' };
  const { after, run, types, ...others } = value as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    return {
      problem: `The request has the unknown field ${JSON.stringify(unknown)}: known are after, run and types.`,
    };
  if (after !== undefined && !(Number.isSafeInteger(after) && (after as number) >= 0))
    return { problem: 'after must be the seq of a record, or 0.' };
  if (run !== undefined && typeof run !== 'string') return { problem: 'run must be the id of a run.' };
  if (types !== undefined && !isTypes(types))
    return { problem: `types must be a list of ${TYPES.join(', ')}.` };
  return {
    ...(after !== undefined && { after: after as number }),
    ...(run !== undefined && { run }),
    ...(types !== undefined && { types }),
  };
}

function isTypes(value: unknown): value is RecordType[] {
  return Array.isArray(value) && value.every((type) => TYPES.some((known) => known === type));
}
