import { DrumlineError } from '@drumline/model';
import {
  findBundlingErrors,
  findTypeProblems,
  type CodeProblem,
  type ScenarioCode,
} from '@drumline/scenario/project';
import type { Language } from './code/doc.js';
import { renderScenario, type RenderedScenario } from './code/scenario.js';
import type { ScenarioDraft } from './draft.js';

/** A compiler may stop at the first error, so that each round finds one task more. */
const MOST_ROUNDS = 100;
const LONGEST_REASON = 120;

/** A scenario whose code is known to compile. */
export interface CompiledScenario {
  readonly text: string;
  readonly draft: ScenarioDraft;
}

export interface CompileOptions {
  readonly language: Language;
  /** Of the scenario. */
  readonly folder: string;
  /** Whether types are checked, too, where there is TypeScript to ask. */
  readonly types: boolean;
}

/**
 * Renders a scenario and compiles it. A task whose code does not compile is left out and listed, as
 * no file with errors may be written.
 * @throws DrumlineError `usage` if no task is left; `internal` if the errors are in no task
 */
export async function compileScenario(
  draft: ScenarioDraft,
  { language, folder, types }: CompileOptions,
): Promise<CompiledScenario> {
  let current = draft;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const rendered = renderScenario(current, language);
    const problems = await firstProblems({ text: rendered.text, language, folder }, types);
    if (problems.length === 0) return { text: rendered.text, draft: current };
    current = withoutTasks(current, tasksAtFault(rendered, problems), problems);
  }
  throw doesNotCompile(draft, 'too many of its tasks have errors');
}

/** Those of the cheapest check that finds any. */
async function firstProblems(code: ScenarioCode, types: boolean): Promise<readonly CodeProblem[]> {
  const problems = await findBundlingErrors(code);
  return problems.length > 0 || !types ? problems : await findTypeProblems(code);
}

/** Why tasks are at fault, by their names. */
function tasksAtFault(
  { tasks, tasksEnd }: RenderedScenario,
  problems: readonly CodeProblem[],
): ReadonlyMap<string, string> {
  const atFault = new Map<string, string>();
  for (const { line, message } of problems) {
    const task = line < tasksEnd ? tasks.findLast((one) => one.line <= line) : undefined;
    if (task !== undefined && !atFault.has(task.name)) atFault.set(task.name, message);
  }
  return atFault;
}

function withoutTasks(
  draft: ScenarioDraft,
  atFault: ReadonlyMap<string, string>,
  problems: readonly CodeProblem[],
): ScenarioDraft {
  const tasks = draft.user.tasks.filter(({ name }) => !atFault.has(name));
  const [{ line, message } = { line: 0, message: '' }] = problems;
  if (atFault.size === 0 || tasks.length === 0) throw doesNotCompile(draft, `line ${line}: ${message}`);
  const names = [...atFault].map(([name, why]) => `${name} (${why.slice(0, LONGEST_REASON)})`);
  const about = `Left out because the generated code does not compile: ${names.join('; ')}.`;
  return { ...draft, about: [...draft.about, about], user: { ...draft.user, tasks } };
}

function doesNotCompile(draft: ScenarioDraft, why: string): DrumlineError {
  const [source = ''] = draft.about;
  return new DrumlineError(
    'internal',
    `nothing was written, because the generated scenario does not compile: ${why} (${source})`,
    'This is a bug in Drumline. Please report it with the source.',
  );
}
