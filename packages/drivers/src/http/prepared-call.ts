import type { SeriesKey } from '@drumline/model';
import type { EngineRequest } from '../engine/contract.js';
import type { ResponseBody } from '../settings/http-settings.js';
import type { EventReader } from './events/reader.js';
import type { Expectation } from './options.js';

/** A request with its options resolved, ready to be sent. */
export interface PreparedCall {
  readonly request: EngineRequest;
  readonly series: SeriesKey;
  readonly expect: Expectation | undefined;
  readonly maxRedirects: number;
  /** Limit for the request and its redirects together, milliseconds; 0 means no limit. */
  readonly timeoutMs: number;
  readonly decompress: boolean;
  readonly responseBody: ResponseBody;
  /** 0 means no limit. */
  readonly maxBodyBytes: number;
  /** Reads the body as an event stream. The request is counted when the stream opens. */
  readonly events?: EventReader;
}
