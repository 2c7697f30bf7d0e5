import { ApiError, type MasterClient, type ProblemView, type ScenariosView } from '@drumline/client';
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../../parts/announcer.js';
import { messageOf } from '../../parts/message-of.js';
import { usePolled } from '../../parts/poll.js';
import { go, route, setQuery } from '../../route.js';
import { field, fieldOf, labelProblem, startOf, type SecretRow, type Values } from './form-values.js';
import { LoadFields } from './load-fields.js';
import { ParameterField } from './parameter-field.js';
import { ProblemList } from './problem-list.js';
import { RunFields } from './run-fields.js';
import { ScenarioCard } from './scenario-card.js';
import { SecretFields } from './secret-fields.js';
import { SourceFields } from './source-fields.js';
import { useScenario, type Source } from './use-scenario.js';
import { Problem } from '../../parts/problem.js';

/** A form that starts a run of a scenario of the master's directory, or of an uploaded file. */
export function NewRun({ master }: { readonly master: MasterClient }) {
  const values: Values = route.value.query;
  const directory = usePolled(() => master.scenarios(), 0, [master]);
  const [upload, setUpload] = useState<Exclude<Source, string> | undefined>(undefined);
  const path = pathIn(directory.value, values['scenario'] ?? '');
  const source: Source | undefined = upload ?? (path === '' ? undefined : path);
  const scenario = useScenario(master, source);
  const [secretParameters, setSecretParameters] = useState<Values>({});
  const [rows, setRows] = useState<readonly SecretRow[]>([]);
  const [problems, setProblems] = useState<readonly ProblemView[]>([]);
  const [isSending, setSending] = useState(false);
  const summary = useRef<HTMLElement>(null);
  useEffect(() => {
    if (problems.length > 0) summary.current?.focus();
  }, [problems]);
  // Problems of another scenario say nothing about this one.
  useEffect(() => setProblems([]), [source]);

  if (directory.error !== undefined) return <p class="problem">{directory.error}</p>;
  if (!directory.value) return <p class="muted empty">Loading…</p>;
  const { view } = scenario;
  const problemsOf = (name: string): string[] =>
    problems.filter((problem) => fieldOf(problem) === name).map(textOf);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!view || source === undefined) return;
    const wrongLabel = labelProblem(values['labels'] ?? '');
    if (wrongLabel !== undefined) return setProblems([{ where: '--labels', message: wrongLabel }]);
    setSending(true);
    try {
      const start = startOf(values, view.parameters, { parameters: secretParameters, rows });
      const run = await master.startScenario({
        ...(typeof source === 'string' ? { path: source } : { upload: source }),
        ...start,
      });
      announce('The run was submitted.');
      go({ page: 'run', run: run.runId, tab: 'overview' });
    } catch (error) {
      setProblems(problemsIn(error));
      setSending(false);
    }
  };
  return (
    <form class="new-run" onSubmit={(event) => void submit(event)} noValidate>
      <h1>New run</h1>
      <ProblemList problems={problems} place={summary} />
      <SourceFields
        scenarios={directory.value}
        path={path}
        upload={upload}
        onPath={(chosen) => {
          setUpload(undefined);
          setQuery('scenario', chosen);
        }}
        onUpload={setUpload}
      />
      <Problem>{scenario.problem}</Problem>
      {scenario.isReading && (
        <p class="muted" role="status">
          The master reads the scenario…
        </p>
      )}
      {view && (
        <>
          <ScenarioCard scenario={view} />
          {view.parameters.length > 0 && (
            <fieldset class="card">
              <legend>Parameters</legend>
              <div class="fields">
                {view.parameters.map((parameter) => {
                  const name = field.parameter(parameter.name);
                  const { secret } = parameter;
                  return (
                    <ParameterField
                      key={parameter.name}
                      parameter={parameter}
                      name={name}
                      value={(secret ? secretParameters[parameter.name] : values[name]) ?? ''}
                      problems={problemsOf(name)}
                      onChange={(value) =>
                        secret
                          ? setSecretParameters({ ...secretParameters, [parameter.name]: value })
                          : setQuery(name, value)
                      }
                    />
                  );
                })}
              </div>
            </fieldset>
          )}
          <LoadFields values={values} problemsOf={problemsOf} />
          <RunFields values={values} target={view.target} master={master} problemsOf={problemsOf} />
          <SecretFields rows={rows} problems={problemsOf('secrets')} onChange={setRows} />
          <p class="buttons">
            <button type="submit" class="primary" disabled={isSending}>
              {isSending ? 'Checking…' : 'Start the run'}
            </button>
            <span class="muted">
              The master checks everything first. Then the run starts, or waits for its workers in the queue.
            </span>
          </p>
        </>
      )}
    </form>
  );
}

/** The path of a scenario. The result of a run has only the name of its file. */
function pathIn(directory: ScenariosView | undefined, named: string): string {
  const paths = directory?.scenarios.map(({ path }) => path) ?? [];
  return paths.find((path) => path === named) ?? paths.find((path) => path.endsWith(`/${named}`)) ?? '';
}

function textOf({ message, hint }: ProblemView): string {
  return hint === undefined ? message : `${message} (${hint})`;
}

function problemsIn(error: unknown): readonly ProblemView[] {
  if (!(error instanceof ApiError)) return [{ where: '', message: messageOf(error) }];
  const { problems, message, hint } = error;
  return problems ?? [{ where: '', message, ...(hint !== undefined && { hint }) }];
}
