import type { Text } from '../code/code.js';

/** One request as a browser, a proxy or a command line had it, before anything is left out. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: URL;
  /** Names as they were written. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: RecordedBody | undefined;
  /** When it was sent, on the wall clock, milliseconds. */
  readonly startedMs?: number;
  readonly response?: RecordedResponse | undefined;
}

export interface RecordedBody {
  /** With its parameters; empty if nothing said so. */
  readonly mimeType: string;
  readonly text: Text;
  /** Parts of a form, where the source has taken it apart. */
  readonly parts?: readonly FormPart[] | undefined;
  /** Whether it must be sent unchanged, without a content type added. */
  readonly isAsWritten?: boolean;
}

/** A field of a form; a file if it has a file name. */
export interface FormPart {
  readonly name: string;
  readonly value: Text;
  readonly fileName?: string | undefined;
  readonly contentType?: string | undefined;
  /** Whether the value is all that there is; recorders leave out what files hold. */
  readonly isWhole?: boolean;
}

/** The response after all redirects. */
export interface RecordedResponse {
  readonly status: number;
  readonly mimeType: string;
  /** Empty if it is not text or was not recorded. */
  readonly text: string;
  /** Cookies that it, or a redirect to it, has set. */
  readonly cookies: Readonly<Record<string, string>>;
}
