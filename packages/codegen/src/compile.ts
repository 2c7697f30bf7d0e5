import { DrumlineError } from '@drumline/model';
import {
  findBundlingErrors,
  findTypeProblems,
  type CodeProblem,
  type ScenarioCode,
} from '@drumline/scenario/project';
import type { Language } from './code/doc.js';
import { renderScenario, type RenderedScenario } from './code/scenario.js';
import type { ScenarioDraft } from './code/draft.js';

/** A compiler may stop at its first error. Then each round finds only one failing task. */
const MOST_ROUNDS = 100;
/** Characters of a compiler message. */
const LONGEST_REASON = 120;

/** A scenario that compiles, and the draft without the tasks that did not. */
export interface CompiledScenario {
  readonly text: string;
  readonly draft: ScenarioDraft;
}

export interface CompileOptions {
  readonly language: Language;
  /** Directory of the scenario, against which imports are resolved. */
  readonly folder: string;
  /** Whether to check types as well, if TypeScript is installed. */
  readonly types: boolean;
}

/**
 * Renders a scenario and compiles it. Tasks that do not compile are left out and listed in `about`.
 * @throws DrumlineError `internal` if no task is left, or if an error is outside the tasks
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
    current = withoutTasks(current, failingTasks(rendered, problems), problems);
  }
  throw doesNotCompile(draft, 'too many of its tasks have errors');
}

/** Bundling errors; if there are none, type errors, which take longer to find. */
async function firstProblems(code: ScenarioCode, types: boolean): Promise<readonly CodeProblem[]> {
  const problems = await findBundlingErrors(code);
  return problems.length > 0 || !types ? problems : await findTypeProblems(code);
}

/** The first error of each failing task, by task name. */
function failingTasks(
  { tasks, tasksEnd }: RenderedScenario,
  problems: readonly CodeProblem[],
): ReadonlyMap<string, string> {
  const failing = new Map<string, string>();
  for (const { line, message } of problems) {
    const task = line < tasksEnd ? tasks.findLast((one) => one.line <= line) : undefined;
    if (task !== undefined && !failing.has(task.name)) failing.set(task.name, message);
  }
  return failing;
}

function withoutTasks(
  draft: ScenarioDraft,
  failing: ReadonlyMap<string, string>,
  problems: readonly CodeProblem[],
): ScenarioDraft {
  const tasks = draft.user.tasks.filter(({ name }) => !failing.has(name));
  const [{ line, message } = { line: 0, message: '' }] = problems;
  if (failing.size === 0 || tasks.length === 0) throw doesNotCompile(draft, `line ${line}: ${message}`);
  const names = [...failing].map(([name, why]) => `${name} (${why.slice(0, LONGEST_REASON)})`);
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
