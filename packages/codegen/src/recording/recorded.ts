import type { Text } from '../code/code.js';

/** A request of a recording or a command, unchanged. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in their original case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: RecordedBody | undefined;
  /** Start time, milliseconds since the epoch. */
  readonly startedMs?: number;
  readonly response?: RecordedResponse | undefined;
}

export interface RecordedBody {
  /** Content type with its parameters; empty if unknown. */
  readonly mimeType: string;
  readonly text: Text;
  /** Parts of a form, if the source has already parsed it. */
  readonly parts?: readonly FormPart[] | undefined;
  /** Whether the text must be sent unchanged, without adding a content type. */
  readonly isAsWritten?: boolean;
}

/** A form field, or a file if it has a file name. */
export interface FormPart {
  readonly name: string;
  readonly value: Text;
  readonly fileName?: string | undefined;
  readonly contentType?: string | undefined;
  /** Whether the value is complete. Recorders often omit the content of files. */
  readonly isWhole?: boolean;
}

/** The response after all redirects. */
export interface RecordedResponse {
  readonly status: number;
  readonly mimeType: string;
  /** Body; empty if it is not text or was not recorded. */
  readonly text: string;
  /** Cookies that the response or a redirect to it sets. */
  readonly cookies: Readonly<Record<string, string>>;
}
