import type { ContextName, Text, Value } from './code.js';
import type { Doc } from './doc.js';

/** A scenario before it is rendered. Every source is converted to this form. */
export interface ScenarioDraft {
  /** Comments at the top of the file, one sentence each. */
  readonly about: readonly string[];
  /** Sentences that `drumline new` prints and that are not part of the file. */
  readonly hints: readonly string[];
  readonly target: string;
  /** Secrets that the scenario reads. Their values are not part of the file. */
  readonly secrets: readonly SecretDraft[];
  /** Environment variables that the scenario reads. */
  readonly environment: readonly SecretDraft[];
  /** Imports other than those from `drumline`. */
  readonly imports: readonly ImportDraft[];
  /** Origins of hosts other than the target, by the names of their constants. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Settings for `scenario({ http })`. */
  readonly http: { readonly [setting: string]: Value };
  readonly user: UserDraft;
}

/** A secret or an environment variable, and the constant that holds its value. */
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
  /** Fields of the user's state with their initial values. */
  readonly state: Readonly<Record<string, string | number>>;
  /** Shortest and longest wait time, milliseconds. */
  readonly waitMs: readonly [shortest: number, longest: number];
  readonly onStart: readonly Statement[];
  readonly tasks: readonly TaskDraft[];
  /** Whether tasks run in order; otherwise they are chosen by weight. */
  readonly inOrder: boolean;
}

export interface TaskDraft {
  readonly name: string;
  /** A line above the task. */
  readonly comment?: string | undefined;
  readonly weight?: number | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly statements: readonly Statement[];
}

/** A statement of a task. */
export type Statement =
  | {
      readonly kind: 'request';
      readonly request: RequestDraft;
      /** The constant that holds the response. */
      readonly into?: string | undefined;
    }
  | { readonly kind: 'sleep'; readonly ms: number }
  /** Any other statement, without its semicolon. */
  | { readonly kind: 'code'; readonly doc: Doc; readonly uses: readonly ContextName[] };

export interface RequestDraft {
  readonly method: string;
  readonly url: Text;
  /** Name of the series, if it is not the path. */
  readonly name?: Text | undefined;
  readonly query?: { readonly [name: string]: Value } | undefined;
  readonly headers?: { readonly [name: string]: Value } | undefined;
  readonly body?: BodyDraft | undefined;
  readonly timeoutMs?: number | undefined;
  readonly redirects?: number | undefined;
  readonly expect?: number | undefined;
}

/** A body, and the request option that sends it. */
export interface BodyDraft {
  readonly option: 'json' | 'form' | 'multipart' | 'body';
  readonly value: Value;
}
