// The process that holds the scenario for the master: the user's code never runs where the cluster is controlled.
import { DrumlineError, messageOf, stackOf } from '@drumline/model';
import type { Scenario } from '../index.js';
import { loadBundle, tidyStack } from '../runtime/load.js';
import type { HostReply, HostRequest } from './host-protocol.js';
import { planOf, problemsError } from './plan.js';

let scenario: Scenario | undefined;

process.on('message', (request: HostRequest) => {
  answer(request).then(
    (reply) => process.send!(reply),
    (error: unknown) => process.send!(failure(request.id, error)),
  );
});
process.on('disconnect', () => process.exit());
// The master may have died before anyone listened.
if (!process.connected) process.exit();
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

async function answer(request: HostRequest): Promise<HostReply> {
  if (request.kind === 'plan') {
    scenario = await loadBundle(request.bundle, request.fileName);
    const outcome = await planOf(scenario, request.fileName, request.overrides);
    if ('problems' in outcome) throw problemsError(request.fileName, outcome.problems);
    return { id: request.id, plan: outcome.plan };
  }
  await scenario!.spec.onMaster?.[request.event]?.(request.context);
  return { id: request.id, done: true };
}

function failure(id: number, error: unknown): HostReply {
  if (error instanceof DrumlineError) {
    return { id, exit: 'scenario-invalid', message: error.message, hint: error.hint };
  }
  return { id, exit: 'setup-failed', message: `${messageOf(error)}\n${tidyStack(stackOf(error))}` };
}
