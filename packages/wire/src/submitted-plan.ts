import { withArtifacts, type Plan } from '@drumline/model';
import type { SubmittedPlan } from './views/submission.js';

/** A plan as it is submitted: its data files are named by their hashes, without paths. */
export function submittedPlan({ tables, ...plan }: Plan): SubmittedPlan {
  if (!tables) return plan;
  return { ...plan, tables: tables.map((table) => withArtifacts(table, ({ id, size }) => ({ id, size }))) };
}
