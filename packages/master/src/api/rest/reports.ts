import type { FastifyInstance } from 'fastify';
import { apiProblem } from '@drumline/wire';
import { renderReport, REPORT_FORMATS, type ReportFormat } from '../../service/render-report.js';
import type { ControlPlane } from '../../service/control-plane.js';
import { runOf, runParams, runPath } from './run-route.js';

const params = {
  ...runParams,
  properties: {
    ...runParams.properties,
    format: { type: 'string', enum: Object.keys(REPORT_FORMATS) },
  },
} as const;

/** Adds the route that returns the report of a run that has ended. */
export function addReports(app: FastifyInstance, control: ControlPlane): void {
  app.get<{ Params: { format: ReportFormat } }>(
    runPath('report.:format'),
    {
      schema: {
        summary: 'The report of a run that has ended',
        params,
        produces: Object.values(REPORT_FORMATS),
        response: {
          200: { type: 'string', description: 'the report' },
          400: apiProblem,
          404: apiProblem,
          409: apiProblem,
        },
      },
      serializerCompiler: () => (body) => (typeof body === 'string' ? body : JSON.stringify(body)),
    },
    async (request, reply) => {
      const { format } = request.params;
      const text = await renderReport(runOf(control, request), format);
      if (format === 'html') reply.header('content-security-policy', await pagePolicy());
      return await reply.type(`${REPORT_FORMATS[format]}; charset=utf-8`).send(text);
    },
  );
}

/** The policy of the page itself. It has an origin of its own, so it cannot call the API. */
async function pagePolicy(): Promise<string> {
  const { REPORT_POLICY } = await import('@drumline/dashboard/report');
  return `${REPORT_POLICY}; frame-ancestors 'none'; sandbox allow-scripts`;
}
