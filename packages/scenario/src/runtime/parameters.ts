import {
  resolveParameter,
  unknownParameter,
  type GivenParameters,
  type ParameterFacts,
  type ParameterSpec,
  type ParameterValue,
  type PlanProblem,
  type Secrets,
} from '@drumline/model';

/** The parameters of a scenario, once its top-level code has run. */
export interface ResolvedParameters {
  readonly values: Readonly<Record<string, ParameterValue>>;
  readonly facts: readonly ParameterFacts[];
  /** Values of secret parameters. */
  readonly secrets: Secrets;
  readonly problems: readonly PlanProblem[];
}

/** Answers `param()` calls. */
interface ParameterReader {
  read(name: string, spec: ParameterSpec): ParameterValue | undefined;
}

const NO_PARAMETERS: ParameterReader = { read: (_, spec) => spec.default };

let reader: ParameterReader = NO_PARAMETERS;
let open = false;

/**
 * The value of a parameter.
 * @throws Error once the scenario has been loaded
 */
export function readParameter(name: string, spec: ParameterSpec): ParameterValue | undefined {
  if (open) return reader.read(name, spec);
  throw new Error(
    `param('${name}') must be called at the top level of the scenario, and its value kept in a constant.`,
  );
}

/** Allows `param()`. Call it before the scenario's top-level code runs. */
export function openParameters(): void {
  open = true;
}

export function closeParameters(): void {
  open = false;
}

/**
 * Sets the values that were resolved where the plan was made. Call it before the bundle is loaded.
 */
export function installParameters(values: Readonly<Record<string, ParameterValue>> = {}): void {
  reader = { read: (name) => (Object.hasOwn(values, name) ? values[name] : undefined) };
}

/** Resolves parameters as the scenario declares them, and collects every problem. */
export class ParameterResolver {
  private readonly specs = new Map<string, ParameterSpec>();
  private readonly values: Record<string, ParameterValue> = {};
  private readonly secrets: Record<string, string> = {};
  private readonly facts: ParameterFacts[] = [];
  private readonly problems: PlanProblem[] = [];

  /** @param knownSecrets secrets of the run, which secret parameters may take their values from */
  constructor(
    private readonly given: GivenParameters,
    private readonly environment: Readonly<Record<string, string | undefined>>,
    private readonly knownSecrets: Secrets,
  ) {}

  /** Answers the `param()` calls of this process. Call it before the bundle is loaded. */
  install(): void {
    reader = { read: (name, spec) => this.read(name, spec) };
  }

  read(name: string, spec: ParameterSpec): ParameterValue | undefined {
    const before = this.specs.get(name);
    if (before !== undefined) {
      if (JSON.stringify(before) !== JSON.stringify(spec))
        this.problems.push({
          where: `param('${name}')`,
          message: 'is declared twice with different options',
        });
      return this.values[name];
    }
    this.specs.set(name, spec);
    const variable = typeof spec?.env === 'string' ? this.environment[spec.env] : undefined;
    const { value, source, problems } = resolveParameter(name, spec, this.valueFor(name, spec), variable);
    this.problems.push(...problems);
    if (value !== undefined) this.values[name] = value;
    if (spec?.secret === true && typeof value === 'string') this.secrets[name] = value;
    this.facts.push({
      name,
      source,
      ...(spec?.help === undefined ? {} : { help: spec.help }),
      ...(spec?.env === undefined ? {} : { env: spec.env }),
      ...(spec?.secret === true ? { secret: true } : {}),
    });
    return value;
  }

  /** Everything that was resolved, with a problem for each given name that nothing declares. */
  result(): ResolvedParameters {
    const { values, facts, secrets, problems } = this;
    const declared = facts.map(({ name }) => name);
    const unknown = Object.entries(this.given)
      .filter(([name]) => !this.specs.has(name))
      .map(([name, given]) => unknownParameter(name, given, declared));
    return { values, facts, secrets, problems: [...problems, ...unknown] };
  }

  /** The declarations so far. */
  get declared(): { readonly name: string; readonly spec: ParameterSpec }[] {
    return [...this.specs].map(([name, spec]) => ({ name, spec }));
  }

  /** Problems that may explain why the scenario's code threw. */
  get problemsSoFar(): readonly PlanProblem[] {
    return this.problems;
  }

  private valueFor(name: string, spec: ParameterSpec): GivenParameters[string] | undefined {
    if (Object.hasOwn(this.given, name)) return this.given[name];
    if (spec?.secret !== true || !Object.hasOwn(this.knownSecrets, name)) return undefined;
    return { value: this.knownSecrets[name], where: `secret ${name}` };
  }
}
