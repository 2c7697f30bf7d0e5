import { createRequire } from 'node:module';
import type { Histogram } from './histogram.js';
import { lowestOf, MAX_TRACKED } from './layout.js';

const require = createRequire(import.meta.url);

/**
 * The histogram in the standard HDR V2 form, deflated and in base64, as HdrHistogram's tools and libraries read
 * it. The layouts are the same, so every bucket arrives unchanged; sum, min and max are not part of that form.
 */
export function toHdrBase64(histogram: Histogram): string {
  // Loaded on first use: it costs 50 ms and 17 MB, and lanes record without it.
  const hdrHistogram = require('hdr-histogram-js') as typeof import('hdr-histogram-js');
  const hdr = hdrHistogram.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: MAX_TRACKED,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
    autoResize: false,
  });
  histogram.forEachBucket((bucket, count) => hdr.recordValueWithCount(lowestOf(bucket), count));
  return hdrHistogram.encodeIntoCompressedBase64(hdr);
}
