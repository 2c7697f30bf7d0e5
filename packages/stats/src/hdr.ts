import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { Histogram } from './histogram.js';
import { lowestOf, MAX_TRACKED } from './layout.js';

/**
 * The histogram in the standard HDR V2 form, deflated and in base64, as HdrHistogram's tools and libraries read
 * it. The layouts are the same, so every bucket arrives unchanged; sum, min and max are not part of that form.
 */
export function toHdrBase64(histogram: Histogram): string {
  const hdr = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: MAX_TRACKED,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
    autoResize: false,
  });
  histogram.forEachBucket((bucket, count) => hdr.recordValueWithCount(lowestOf(bucket), count));
  return encodeIntoCompressedBase64(hdr);
}
