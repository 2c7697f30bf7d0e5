import { fastify, type FastifyInstance, type FastifyServerFactory } from 'fastify';
import { addAdministration } from './administration.js';
import { addAccess } from './access.js';
import { allowOrigins } from './cross-origin.js';
import type { EventStreams } from './events.js';
import { requireAdmission, type Admission } from './guard.js';
import { answerUnreadable } from './http-server.js';
import { lazySchemas } from './lazy-schemas.js';
import { describeRoutes } from './openapi.js';
import { answerProblems } from './problems.js';
import type { DashboardFiles } from './dashboard.js';
import { addOrders } from './orders.js';
import type { Refuse } from './refuse.js';
import { addScenarios } from './scenarios.js';
import { addSubmissions } from './submissions.js';
import type { ControlPlane } from '../../service/control-plane.js';
import { addMasterViews } from './master-views.js';
import { addReports } from './reports.js';
import { addRunFile } from './run-file.js';
import { addViews } from './views.js';

/** The longest valid body takes a few dozen bytes. */
const BODY_LIMIT_BYTES = 4 * 1024;

interface Surroundings {
  readonly admission: Admission;
  readonly refuse: Refuse;
  readonly streams: EventStreams;
  readonly serverFactory: FastifyServerFactory;
  /** Absent: the API has no dashboard. */
  readonly dashboard?: DashboardFiles | undefined;
}

/** Creates the control API, without listening yet. */
export async function createApp(
  control: ControlPlane,
  { admission, refuse, streams, serverFactory, dashboard }: Surroundings,
): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    serverFactory,
    clientErrorHandler: answerUnreadable,
    bodyLimit: BODY_LIMIT_BYTES,
    schemaController: { compilersFactory: lazySchemas },
    // The schemas refuse longer names with 400. By default, fastify answers 414 in its own format.
    routerOptions: { maxParamLength: 65_536 },
    // The schemas are validated by tests. Skipping it here makes the master start faster.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, validateSchema: false } },
  });
  app.removeContentTypeParser('text/plain');

  allowOrigins(app, admission.allowedOrigins ?? new Set());
  requireAdmission(app, admission, refuse, (request) => dashboard?.has(request) === true);
  // Some clients send the type of a form with orders that have no body.
  app.addHook('onRequest', async ({ raw: { headers } }) => {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers;
    if (length === '0' && encoding === undefined) delete headers['content-type'];
  });
  const paths: string[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    if (method !== 'HEAD') paths.push(`${String(method)} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
  });
  addRoutes(app, control, streams);
  let description: Promise<object> | undefined;
  app.get('/openapi.json', () => (description ??= describeRoutes((to) => addRoutes(to, control, streams))));
  dashboard?.addTo(app);
  app.get('/', (request, reply) =>
    dashboard?.has(request) === true
      ? dashboard.sendPage(reply)
      : { name: 'drumline', openapi: '/openapi.json', paths },
  );
  answerProblems(app, paths);
  return app;
}

/** Adds every path below `/v1`. */
export function addRoutes(app: FastifyInstance, control: ControlPlane, streams: EventStreams): void {
  addAccess(app);
  addMasterViews(app, control);
  addViews(app, control);
  addReports(app, control);
  addRunFile(app, control);
  addOrders(app, control);
  addSubmissions(app, control);
  addScenarios(app, control);
  addAdministration(app, control);
  streams.addTo(app, control);
}
