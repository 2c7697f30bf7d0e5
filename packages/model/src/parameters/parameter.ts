/** The value of a parameter. Durations stay as they were written, such as `5m`. */
export type ParameterValue = string | number | boolean;

/** What a parameter holds. */
export type ParameterKind = 'text' | 'number' | 'boolean' | 'duration';

/** The declaration of a parameter, as the scenario passes it. It is not validated yet. */
export interface ParameterSpec {
  readonly kind?: ParameterKind;
  readonly default?: ParameterValue;
  readonly choices?: readonly (string | number)[];
  readonly min?: number | string;
  readonly max?: number | string;
  readonly required?: boolean;
  readonly secret?: boolean;
  readonly env?: string;
  readonly help?: string;
}

/** A value from outside the scenario. */
export interface GivenParameter {
  /** Text from the command line, or any value from a file. */
  readonly value: unknown;
  /** Its source in messages, such as `--param items`. */
  readonly where: string;
}

export type GivenParameters = Readonly<Record<string, GivenParameter>>;

/** Where the value of a parameter comes from. `unset`: it has no value. */
export type ParameterSource = 'default' | 'given' | 'environment' | 'unset';

/** What readers of a plan need to know about a parameter, except for its value. */
export interface ParameterFacts {
  readonly name: string;
  readonly source: ParameterSource;
  readonly help?: string;
  /** The environment variable of the master that may set it. */
  readonly env?: string;
  readonly secret?: true;
}
