// Schemas of the parts of a run in the control API.
import Type from '#typebox';
import { annotationView } from './annotation.js';
import { seriesResult } from './result-requests.js';
import { errorResult, exceptionResult } from './result.js';
import type { AnnotationOrder, AnnotationView } from './views/annotation.js';
import type { ErrorsView, LogsView, SeriesPage } from './views/run-parts.js';
import type { Same } from './views/same.js';

const MAX_ANNOTATION_CHARS = 500;

/** `GET /v1/runs/{id}/series` */
export const seriesPage = Type.Object({
  total: Type.Integer({ minimum: 0 }),
  series: Type.Array(seriesResult),
  next: Type.Optional(Type.String()),
});

/** `GET /v1/runs/{id}/errors` */
export const errorsView = Type.Object({
  errors: Type.Array(errorResult),
  exceptions: Type.Array(exceptionResult),
});

/** `GET /v1/runs/{id}/logs` */
export const logsView = Type.Object({
  lines: Type.Array(
    Type.Object({
      number: Type.Integer({ minimum: 0 }),
      at: Type.String(),
      kind: Type.Union([
        Type.Literal('printed'),
        Type.Literal('note'),
        Type.Literal('state'),
        Type.Literal('worker'),
        Type.Literal('lane'),
        Type.Literal('threshold'),
        Type.Literal('annotation'),
      ]),
      text: Type.String(),
    }),
  ),
});

/** `GET /v1/runs/{id}/annotations` */
export const annotationsView = Type.Object({ annotations: Type.Array(annotationView) });

/** `POST /v1/runs/{id}/annotations` */
export const annotationOrder = Type.Object(
  {
    text: Type.String({ minLength: 1, maxLength: MAX_ANNOTATION_CHARS }),
    at: Type.Optional(Type.String({ format: 'date-time' })),
  },
  { additionalProperties: false },
);

true satisfies Same<Type.Static<typeof seriesPage>, SeriesPage>;
true satisfies Same<Type.Static<typeof errorsView>, ErrorsView>;
true satisfies Same<Type.Static<typeof logsView>, LogsView>;
true satisfies Same<Type.Static<typeof annotationsView>, { annotations: AnnotationView[] }>;
true satisfies Same<Type.Static<typeof annotationOrder>, AnnotationOrder>;
