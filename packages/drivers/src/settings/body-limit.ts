/** Default limit of one body, event or message held in memory. */
export const DEFAULT_MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * The limit of one request or connection; 0 means no limit.
 * @throws RangeError if it is not a number of bytes
 */
export function bodyLimitOf(options: { readonly maxBodyBytes?: number }, byDefault: number): number {
  const { maxBodyBytes } = options;
  if (maxBodyBytes === undefined) return byDefault;
  if (Number.isInteger(maxBodyBytes) && maxBodyBytes >= 0) return maxBodyBytes;
  throw new RangeError(
    `maxBodyBytes must be a whole number of bytes, or 0 for no limit, not ${maxBodyBytes}`,
  );
}
