/** Checks the code in all Markdown pages: commands, options, npm scripts and types of scenarios. */
import { unknownCommands } from './check/commands.js';
import { codeOfPages } from './check/pages.js';
import { scenarioErrors } from './check/scenarios.js';

const codes = codeOfPages();
const problems = [...unknownCommands(codes), ...scenarioErrors(codes)];
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
}
