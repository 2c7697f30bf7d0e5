import type {
  ParameterSpec,
  ParameterValue,
  Plan,
  PlanOverrides,
  PlanProblem,
  PlanWarning,
  Secrets,
} from '@drumline/model';
import type { MasterHooks, ShapeAnswer, ShapeContext } from '../index.js';
import type { SchemaRecord } from '../runtime/grpc-sources.js';

/** What a scenario declares. */
export interface ScenarioDescription {
  /** Absent if its code could not be executed. */
  readonly name?: string | undefined;
  readonly target?: string | undefined;
  /** The parameters that it declares, as it declares them. */
  readonly parameters: readonly { readonly name: string; readonly spec: ParameterSpec }[];
  /** Its plan without further values; absent if that has problems. */
  readonly plan?: Plan | undefined;
  readonly problems: readonly PlanProblem[];
}

/** Reads the plan of a scenario. */
export interface PlanRequest {
  kind: 'plan';
  /** Path of the bundle's file. */
  bundle: string;
  /** Absolute path of the scenario file. Paths in the scenario are relative to it. */
  path: string;
  overrides: PlanOverrides;
  secrets: Secrets;
}

/** Reads what a scenario declares, also if its plan has problems. */
export type DescribeRequest = Omit<PlanRequest, 'kind'> & { kind: 'describe' };

/** Loads a scenario whose plan is known, to run its hooks. */
export interface LoadRequest {
  kind: 'load';
  bundle: string;
  path: string;
  environment: Plan['environment'];
  /** The values that the plan has. */
  parameters: Readonly<Record<string, ParameterValue>> | undefined;
  secrets: Secrets;
}

/** A hook on the master, with its argument. */
export type HookCall = {
  [Event in keyof MasterHooks]-?: {
    readonly event: Event;
    readonly context: Parameters<NonNullable<MasterHooks[Event]>>[0];
  };
}[keyof MasterHooks];

/** A request of the master to the scenario host. */
export type HostRequest =
  | ({ id: number } & PlanRequest)
  | ({ id: number } & DescribeRequest)
  | ({ id: number } & LoadRequest)
  | { id: number; kind: 'shape'; context: Omit<ShapeContext, 'parameters'> }
  | ({ id: number; kind: 'hook' } & HookCall);

/** The reply to the request with the same id. `busy` comes before it, while files are read. */
export type HostReply =
  | { id: number; busy: true }
  | {
      id: number;
      plan: Plan;
      schemas: SchemaRecord;
      warnings: readonly PlanWarning[];
      /** The values of secret parameters. */
      secrets: Secrets;
    }
  | { id: number; description: ScenarioDescription }
  | { id: number; answer: ShapeAnswer }
  | { id: number; done: true }
  | {
      id: number;
      exit: 'scenario-invalid' | 'setup-failed';
      message: string;
      hint?: string | undefined;
      /** The problems that the message lists. */
      problems?: readonly PlanProblem[] | undefined;
    };
