import { createRequire } from 'node:module';
import type { Histogram } from './histogram.js';
import { lowestOf, MAX_TRACKED } from './layout.js';

const require = createRequire(import.meta.url);

/**
 * The histogram in the HDR V2 format, compressed and in base64, as tools of HdrHistogram read it.
 * The bucket layouts are equal, so that no precision is lost. The format has no sum, min and max.
 */
export function toHdrBase64(histogram: Histogram): string {
  // Loaded on first use, because it takes 50 ms and 17 MB, and lanes do not need it.
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
