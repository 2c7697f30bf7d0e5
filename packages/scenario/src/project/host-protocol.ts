import type { Plan, PlanOverrides } from '@drumline/model';
import type { MasterHookContext, MasterHooks } from '../index.js';

/** What the master asks of the process that holds the scenario. */
export type HostRequest =
  | { id: number; kind: 'plan'; bundle: string; fileName: string; overrides: PlanOverrides }
  | { id: number; kind: 'hook'; event: keyof MasterHooks; context: MasterHookContext };

/** Its answer to the request of the same id. */
export type HostReply =
  | { id: number; plan: Plan }
  | { id: number; done: true }
  | { id: number; exit: 'scenario-invalid' | 'setup-failed'; message: string; hint?: string | undefined };
