import type { ContextName, Text, Value } from './code/code.js';
import type { Doc } from './code/doc.js';

/** A scenario before it is text: what every source is made into, and what the writer knows. */
export interface ScenarioDraft {
  /** What a reader should know first, in sentences. */
  readonly about: readonly string[];
  /** Notes for the user of `drumline new`, in sentences. Not part of the file. */
  readonly hints: readonly string[];
  readonly target: string;
  /** The secrets that it reads: what must not stand in a file. */
  readonly secrets: readonly SecretDraft[];
  /** The variables of the environment that it reads. */
  readonly environment: readonly SecretDraft[];
  /** Beside those of Drumline itself. */
  readonly imports: readonly ImportDraft[];
  /** Other hosts than the target's, by the constants that hold their origins. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Settings of all users, as `scenario({ http })` takes them. */
  readonly http: { readonly [setting: string]: Value };
  readonly user: UserDraft;
}

/** A secret or a variable of the environment, and the constant that holds its value. */
export interface SecretDraft {
  readonly name: string;
  readonly constant: string;
}

/** `import what from 'module'` */
export interface ImportDraft {
  readonly what: string;
  readonly module: string;
}

export interface UserDraft {
  readonly name: string;
  /** Fields of a user's state with their values at the beginning. */
  readonly state: Readonly<Record<string, string | number>>;
  /** Shortest and longest wait after a task, milliseconds. */
  readonly waitMs: readonly [shortest: number, longest: number];
  readonly onStart: readonly Statement[];
  readonly tasks: readonly TaskDraft[];
  /** Whether tasks are done in turn; else at random by weight. */
  readonly inOrder: boolean;
}

export interface TaskDraft {
  readonly name: string;
  /** One line above it. */
  readonly comment?: string | undefined;
  readonly weight?: number | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly statements: readonly Statement[];
}

/** A line of a task, or what begins as one. */
export type Statement =
  | {
      readonly kind: 'request';
      readonly request: RequestDraft;
      /** The constant that holds the response. */
      readonly into?: string | undefined;
    }
  | { readonly kind: 'sleep'; readonly ms: number }
  /** Anything else, without the semicolon. */
  | { readonly kind: 'code'; readonly doc: Doc; readonly uses: readonly ContextName[] };

export interface RequestDraft {
  readonly method: string;
  readonly url: Text;
  /** Its series, where it is not the path. */
  readonly name?: Text | undefined;
  readonly query?: { readonly [name: string]: Value } | undefined;
  readonly headers?: { readonly [name: string]: Value } | undefined;
  readonly body?: BodyDraft | undefined;
  readonly timeoutMs?: number | undefined;
  readonly redirects?: number | undefined;
  readonly expect?: number | undefined;
}

/** A body, in the option of a request that sends it. */
export interface BodyDraft {
  readonly option: 'json' | 'form' | 'multipart' | 'body';
  readonly value: Value;
}
