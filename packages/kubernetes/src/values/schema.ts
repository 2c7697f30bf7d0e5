// The schema of the values: one description makes their type, their defaults, their checks and the
// JSON Schema of the Helm chart.

interface Described {
  /** One sentence. Shown in values.yaml, in the chart's README and in editors. */
  readonly about: string;
}

export interface TextField extends Described {
  readonly kind: 'text';
  readonly default: string;
  readonly pattern?: RegExp;
  /** What the pattern accepts: "a size such as 1Gi". */
  readonly expects?: string;
  readonly choices?: readonly string[];
}

interface CountField extends Described {
  readonly kind: 'count';
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

interface FlagField extends Described {
  readonly kind: 'flag';
  readonly default: boolean;
}

interface ListField extends Described {
  readonly kind: 'list';
  readonly items: 'text' | 'object';
  readonly default: readonly unknown[];
}

interface MapField extends Described {
  readonly kind: 'map';
  /** What the entries are; `any` for objects that Kubernetes checks. */
  readonly entries: 'text' | 'any';
  readonly default: Readonly<Record<string, unknown>>;
}

interface GroupField extends Described {
  readonly kind: 'group';
  readonly fields: Fields;
}

export type Field = TextField | CountField | FlagField | ListField | MapField | GroupField;
export type Fields = Readonly<Record<string, Field>>;

/** The type of the values that a schema describes. */
export type ValuesOf<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> };

type ValueOf<F extends Field> = F extends {
  readonly kind: 'group';
  readonly fields: infer Inner extends Fields;
}
  ? ValuesOf<Inner>
  : F extends { readonly kind: 'text'; readonly choices: readonly (infer C)[] }
    ? C
    : F extends { readonly kind: 'text' }
      ? string
      : F extends { readonly kind: 'count' }
        ? number
        : F extends { readonly kind: 'flag' }
          ? boolean
          : F extends { readonly kind: 'list'; readonly items: 'text' }
            ? readonly string[]
            : F extends { readonly kind: 'list' }
              ? readonly Readonly<Record<string, unknown>>[]
              : F extends { readonly kind: 'map'; readonly entries: 'text' }
                ? Readonly<Record<string, string>>
                : Readonly<Record<string, unknown>>;

export function textField<const R extends Partial<TextField>>(about: string, rest?: R) {
  return { kind: 'text', default: '' as string, about, ...(rest as R) } as const;
}

export function countField(about: string, standard: number, min = 1, max = 1_000_000_000) {
  return { kind: 'count', default: standard, about, min, max } as const;
}

export function flagField(about: string, standard: boolean) {
  return { kind: 'flag', default: standard, about } as const;
}

export function listField<const I extends 'text' | 'object'>(
  items: I,
  about: string,
  standard: readonly unknown[] = [],
) {
  return { kind: 'list', items, default: standard, about } as const;
}

export function mapField<const E extends 'text' | 'any'>(entries: E, about: string) {
  return { kind: 'map', entries, default: {}, about } as const;
}

export function group<const F extends Fields>(about: string, fields: F) {
  return { kind: 'group', fields, about } as const;
}
