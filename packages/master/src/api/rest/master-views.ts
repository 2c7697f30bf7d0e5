import type { FastifyInstance } from 'fastify';
import { clusterWorkersView, healthView, runsPage } from '@drumline/wire';
import type { ControlPlane } from '../../service/control-plane.js';

/** Adds the routes that read the master and its list of runs. */
export function addMasterViews(app: FastifyInstance, control: ControlPlane): void {
  app.get('/v1/health', { schema: { summary: 'State of the master', response: { 200: healthView } } }, () =>
    control.health(),
  );
  app.get(
    '/v1/workers',
    { schema: { summary: 'Workers of the cluster and their lanes', response: { 200: clusterWorkersView } } },
    () => ({ workers: control.workers() }),
  );
  app.get('/v1/runs', { schema: { summary: 'Runs, the newest first', response: { 200: runsPage } } }, () =>
    control.runs(),
  );
}
