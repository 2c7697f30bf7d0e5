// Scenarios that a master can start itself: the schemas of ./views/scenarios.ts.
import { MAX_WORKERS } from '@drumline/model';
import Type from '#typebox';
import type { Same } from './views/same.js';
import type { ScenarioStart, ScenariosView, ScenarioView } from './views/scenarios.js';

/** The most characters of an uploaded scenario file. */
export const MAX_SCENARIO_CHARS = 1024 * 1024;

const optionalText = Type.Optional(Type.String());

/** `GET /v1/scenarios` */
export const scenariosView = Type.Object({
  scenarios: Type.Array(Type.Object({ path: Type.String(), changedAt: Type.String() })),
  hasDirectory: Type.Boolean(),
});

export const problemView = Type.Object({
  where: Type.String(),
  message: Type.String(),
  hint: optionalText,
});

/** `GET /v1/scenarios/{path}` */
export const scenarioView = Type.Object({
  path: Type.String(),
  name: Type.String(),
  description: optionalText,
  target: optionalText,
  parameters: Type.Array(
    Type.Object({
      name: Type.String(),
      kind: Type.Union([
        Type.Literal('text'),
        Type.Literal('number'),
        Type.Literal('boolean'),
        Type.Literal('duration'),
      ]),
      default: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
      choices: Type.Optional(Type.Array(Type.String())),
      min: optionalText,
      max: optionalText,
      required: Type.Boolean(),
      secret: Type.Boolean(),
      env: optionalText,
      help: optionalText,
    }),
  ),
  userTypes: Type.Array(
    Type.Object({ name: Type.String(), weight: Type.Number(), tasks: Type.Array(Type.String()) }),
  ),
  load: Type.Array(Type.String()),
  length: optionalText,
  thresholds: Type.Array(Type.String()),
  problems: Type.Array(problemView),
});

/** `POST /v1/scenarios/inspect` */
export const scenarioUpload = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\\.[mc]?[jt]s$',
      description: 'name of the file, such as shop.ts',
    }),
    text: Type.String({ maxLength: MAX_SCENARIO_CHARS, description: 'its content' }),
  },
  { additionalProperties: false },
);

const texts = (description: string) =>
  Type.Optional(
    Type.Record(Type.String({ maxLength: 200 }), Type.String({ maxLength: 65_536 }), { description }),
  );

/** `POST /v1/scenarios/start` */
export const scenarioStart = Type.Object(
  {
    path: Type.Optional(
      Type.String({ maxLength: 500, description: 'a scenario of the directory, or upload' }),
    ),
    upload: Type.Optional(scenarioUpload),
    options: texts('options of the command line by their names: users, rate, run-time and others'),
    parameters: texts('values of the parameters by name, as in --param'),
    secrets: texts('values of the secrets by name; no response shows them'),
    labels: texts('labels of the run'),
    workers: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_WORKERS, description: 'workers of the run; default: all' }),
    ),
    maxWait: Type.Optional(
      Type.String({ maxLength: 50, description: 'how long it may wait in the queue, such as 30m' }),
    ),
    autostart: Type.Optional(
      Type.Boolean({ description: 'whether it starts when its workers are ready; default true' }),
    ),
  },
  { additionalProperties: false },
);

true satisfies Same<Type.Static<typeof scenariosView>, ScenariosView>;
true satisfies Same<Type.Static<typeof scenarioView>, ScenarioView>;
true satisfies Same<Type.Static<typeof scenarioStart>, ScenarioStart>;
