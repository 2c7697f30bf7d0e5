import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { apiProblem } from '@drumline/wire';
import type { ControlPlane } from '../../service/control-plane.js';
import { runParams, runPath } from './run-route.js';

const FILE = { schema: { type: 'string', format: 'binary' } } as const;
/** Registered at IANA for databases of SQLite 3. */
const SQLITE = 'application/vnd.sqlite3';

/** Adds the route that returns the run file of a run that has ended. */
export function addRunFile(app: FastifyInstance, control: ControlPlane): void {
  app.get<{ Params: { id: string } }>(
    runPath('run-file'),
    {
      schema: {
        summary: 'The run file of a run that has ended, an SQLite database',
        params: runParams,
        response: {
          // The second is for generators of clients that do not know the first, which is sent.
          200: { content: { [SQLITE]: FILE, 'application/octet-stream': FILE } },
          404: apiProblem,
          409: apiProblem,
        },
      },
    },
    async ({ method, params }, reply) => {
      const { name, sizeBytes, handle } = await control.runFile(params.id);
      reply
        .type(SQLITE)
        .header('content-length', sizeBytes)
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('access-control-expose-headers', 'content-disposition');
      if (method !== 'HEAD') return await reply.send(handle.createReadStream());
      await handle.close();
      return await reply.send(Readable.from([]));
    },
  );
}
