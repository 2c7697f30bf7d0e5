import type { Duration, ParameterKind, ParameterSpec } from '@drumline/model';
import { readParameter } from '../runtime/parameters.js';

/** Options of `param`. */
export interface ParamOptions {
  /** Its value if none is given. Default: none, `param` then returns `undefined`. */
  readonly default?: string | number | boolean;
  /**
   * What it holds: `'text'`, `'number'`, `'boolean'` or `'duration'`. Default: the type of
   * `default` or `choices`, else text.
   */
  readonly kind?: ParameterKind;
  /** The allowed values. Default: any value. */
  readonly choices?: readonly (string | number)[];
  /** The least number or duration. Default: no limit. */
  readonly min?: number | Duration;
  /** The greatest number or duration. Default: no limit. */
  readonly max?: number | Duration;
  /** Whether a run needs a value if there is no default. Default: false. */
  readonly required?: boolean;
  /**
   * Whether its value is masked like a secret. It must be text of at least four characters.
   * Default: false.
   */
  readonly secret?: boolean;
  /** Environment variable on the machine of the master that sets it. Default: none. */
  readonly env?: string;
  /** What it does, for `drumline check` and messages. */
  readonly help?: string;
}

/** The type of each kind of parameter. */
interface KindTypes {
  text: string;
  number: number;
  boolean: boolean;
  duration: Duration;
}

/** The type of a parameter with these options. */
export type ParamValue<O extends ParamOptions> = O extends { choices: readonly (infer C)[] }
  ? C
  : O extends { kind: infer K extends ParameterKind }
    ? KindTypes[K]
    : O extends { default: number }
      ? number
      : O extends { default: boolean }
        ? boolean
        : string;

/** `undefined` if a parameter with these options may have no value. */
export type ParamAbsence<O extends ParamOptions> = O extends
  { default: string | number | boolean } | { required: true }
  ? never
  : undefined;

/**
 * Declares a parameter and returns its value, which is the same in every process of the run. Call
 * it at the top level of the scenario. The value can be used anywhere: in `load`, `target`,
 * thresholds, paths of data files, hooks and tasks.
 *
 * It comes from `--param NAME=VALUE`, else from `--params FILE`, else from the environment variable
 * `env`, else from `default`. Unknown names and invalid values are reported before the run.
 *
 * @example
 * ```ts
 * const users = param('users', { default: 50, min: 1 });
 * const profile = param('profile', { choices: ['smoke', 'load'], env: 'PROFILE' });
 * const hold = param('hold', { kind: 'duration', default: '5m' });
 * export default scenario({ users: [shopper], load: ramp({ to: users, over: '1m' }).hold(hold) });
 * ```
 * @param name letters, digits and `_`
 * @returns the value; `undefined` if there is none, and no default
 * @throws Error if it is called after the scenario was loaded
 */
export function param<const O extends ParamOptions = {}>(
  name: string,
  options?: O,
): ParamValue<O> | ParamAbsence<O> {
  return readParameter(name, (options ?? {}) as ParameterSpec) as ParamValue<O> | ParamAbsence<O>;
}
