import protobuf from 'protobufjs';

/** Tests values of one type, and converts other accepted forms. */
export interface Scalar {
  /** Whether protobufjs can encode the value unchanged; and the same test as code. */
  readonly isReady: (value: unknown) => boolean;
  readonly readyCode: (value: string) => string;
  /** Converts other accepted forms for protobufjs; undefined if the value is none of them. */
  readonly convert: (value: unknown) => unknown;
  /** `a string` */
  readonly expected: string;
}

const never = (): undefined => undefined;

/** Numbers may be written as strings: https://protobuf.dev/programming-guides/json */
const NUMBER_TEXT = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function numberOf(value: unknown): number | undefined {
  return typeof value === 'string' && NUMBER_TEXT.test(value) ? Number(value) : undefined;
}

const isInt32 = (value: unknown): boolean => ((value as number) | 0) === value;
const isUint32 = (value: unknown): boolean => (value as number) >>> 0 === value;

/** Accepts a string with a number that passes the test. */
function fromText(isReady: (value: unknown) => boolean): (value: unknown) => number | undefined {
  return (value) => {
    const number = numberOf(value);
    return isReady(number) ? number : undefined;
  };
}

const int32: Scalar = {
  isReady: isInt32,
  readyCode: (value) => `(${value} | 0) === ${value}`,
  convert: fromText(isInt32),
  expected: 'a whole number from -2147483648 to 2147483647',
};

const uint32: Scalar = {
  isReady: isUint32,
  readyCode: (value) => `${value} >>> 0 === ${value}`,
  convert: fromText(isUint32),
  expected: 'a whole number from 0 to 4294967295',
};

const int64: Scalar = {
  isReady: (value) => Number.isSafeInteger(value) || isLong(value),
  readyCode: (value) => `Number.isSafeInteger(${value}) || isLong(${value})`,
  convert: (value) => convertLong(value, { min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  expected: 'a 64-bit whole number (beyond 2^53 a bigint, a string or a Long)',
};

const uint64: Scalar = {
  isReady: (value) => (Number.isSafeInteger(value) && (value as number) >= 0) || isLong(value),
  readyCode: (value) => `Number.isSafeInteger(${value}) && ${value} >= 0 || isLong(${value})`,
  convert: (value) => convertLong(value, { min: 0n, max: 2n ** 64n - 1n }),
  expected: 'a 64-bit whole number of at least 0 (beyond 2^53 a bigint, a string or a Long)',
};

const double: Scalar = {
  ...ofType('number'),
  convert: (value) =>
    ['NaN', 'Infinity', '-Infinity'].includes(value as string) ? Number(value) : numberOf(value),
  expected: 'a number',
};

/** From this value on, a finite 64-bit number becomes infinite in 32 bits. */
const FLOAT_LIMIT = 2 ** 128 - 2 ** 103;

const float: Scalar = {
  isReady: fitsFloat,
  readyCode: (value) =>
    `typeof ${value} === 'number' && !(Math.abs(${value}) >= ${FLOAT_LIMIT} && Math.abs(${value}) !== Infinity)`,
  convert: (value) => {
    const number = double.convert(value);
    return fitsFloat(number) ? number : undefined;
  },
  expected: 'a 32-bit number (up to 3.4e38)',
};

function fitsFloat(value: unknown): boolean {
  return typeof value === 'number' && !(Math.abs(value) >= FLOAT_LIMIT && Math.abs(value) !== Infinity);
}

/** By their names in .proto files. */
export const SCALARS: Readonly<Record<string, Scalar>> = {
  int32,
  sint32: int32,
  sfixed32: int32,
  uint32,
  fixed32: uint32,
  int64,
  sint64: int64,
  sfixed64: int64,
  uint64,
  fixed64: uint64,
  float,
  double,
  bool: { ...ofType('boolean'), convert: never, expected: 'true or false' },
  string: { ...ofType('string'), convert: never, expected: 'a string' },
  bytes: {
    isReady: (value) => value instanceof Uint8Array,
    readyCode: (value) => `${value} instanceof Uint8Array`,
    convert: convertBytes,
    expected: 'a Uint8Array or a base64 string',
  },
};

/** The numbers of an enum, and its names too. */
export function enumScalar({ values, fullName }: protobuf.Enum): Scalar {
  const isNullValue = fullName === '.google.protobuf.NullValue';
  const names = new Map(Object.entries(values));
  return {
    // Unknown numbers are allowed: a newer server may know them.
    isReady: int32.isReady,
    readyCode: int32.readyCode,
    convert: (value) => (isNullValue && value === null ? 0 : names.get(value as string)),
    expected: `one of ${[...names.keys()].slice(0, 20).join(', ')}`,
  };
}

export function isLong(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { low, high } = value as { low?: unknown; high?: unknown };
  return Number.isInteger(low) && Number.isInteger(high);
}

function ofType(type: 'number' | 'boolean' | 'string'): Pick<Scalar, 'isReady' | 'readyCode'> {
  return {
    isReady: (value) => typeof value === type,
    readyCode: (value) => `typeof ${value} === '${type}'`,
  };
}

function convertLong(value: unknown, { min, max }: { min: bigint; max: bigint }): unknown {
  const number = wholeNumber(value);
  if (number === undefined) return undefined;
  if (number < min || number > max) return undefined;
  return {
    low: Number(BigInt.asIntN(32, number)),
    high: Number(BigInt.asIntN(32, number >> 32n)),
    unsigned: min === 0n,
  };
}

function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return BigInt(value);
  const number = numberOf(value);
  return Number.isSafeInteger(number) ? BigInt(number!) : undefined;
}

/** Of either alphabet, with or without padding. */
const BASE64 = /^(?:[\w+/-]{4})*(?:[\w+/-]{2,3})?={0,2}$/;

function convertBytes(value: unknown): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (typeof value !== 'string' || !BASE64.test(value)) return undefined;
  return Buffer.from(value, 'base64');
}
