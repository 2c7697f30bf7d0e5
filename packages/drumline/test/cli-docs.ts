import { EXIT_CODES } from '@drumline/model';
import { format, resolveConfig } from 'prettier';
import { commandName, type Command, type Option } from '../src/cli/command.js';
import { COMMANDS } from '../src/cli/commands/index.js';
import { variableOf } from '../src/cli/settings.js';

const HEAD = `# Command line

<!-- Generated from the commands by the test packages/drumline/src/cli/docs.test.ts:
     UPDATE_DOCS=1 npm test -- cli/docs -->

\`\`\`sh
npx drumline run scenario.ts        # run the master and workers on this machine
npx drumline master scenario.ts     # or run the master here …
npx drumline worker --master tcp://MASTER:5557   # … and workers on other machines
npx drumline watch                  # follow the run from another terminal
\`\`\`

## Options, environment and config file

Options can be set in three ways. Flags override the environment, and the environment overrides the file.

| way         | example                                                                                      |
| ----------- | -------------------------------------------------------------------------------------------- |
| flag        | \`--run-time 5m\`; \`--no-html\` turns an option off; if a flag is repeated, the last one counts |
| environment | \`DRUMLINE_RUN_TIME=5m\`, \`DRUMLINE_HTML=false\`                                                |
| file        | \`{ "run-time": "5m", "html": false }\` in \`drumline.config.json\` in the working directory     |

- \`--config\` or \`DRUMLINE_CONFIG\` names another config file. Keys may also be in camel case: \`"runTime"\`.
- One file can serve all commands: each command uses the options that it has. A key that no command has is an error.
  \`submit\` without \`--watch\` and \`serve\` without \`--once\` ignore options of reports in the file and the environment.
- \`DRUMLINE_SCENARIO\` or \`"scenario"\` can name the scenario.
- Durations are written \`500ms\`, \`30s\`, \`5m\`, \`1h30m\`.
- For \`run\` and \`master\`, \`DRUMLINE_API\` is the address at which the control API listens. For the other commands, it is
  the address of the master’s API. Both \`HOST:PORT\` and \`http://HOST:PORT\` are accepted.
- \`DRUMLINE_KEY\`, \`DRUMLINE_TOKEN\` and \`DRUMLINE_API_TOKEN\` hold the credentials that \`drumline token\` creates. No option
  takes a credential on the command line. \`--key-file\`, \`--token-file\` and \`--api-token-file\` name files, and override
  the variables. \`--key\` of \`drumline grpc\` names another file, and has no variable.
- \`json\`, \`lanes\` and \`env\` are switches of some commands, and take a value in others. \`true\` and \`false\` set the
  switch. Commands in which the option takes a value use other values.
- \`NO_COLOR=1\` turns colors off. \`DRUMLINE_DEBUG=1\` prints a stack trace with every error.

## Ctrl-C

The first Ctrl-C or SIGTERM stops a run gracefully. No new task starts, running tasks may finish within
\`--stop-timeout\`, all results are collected, and the reports are written. The second one stops the run at once, with the
results collected so far.

An interrupted \`worker\` first hands its users over to the other workers. If its master is silent, it stops its users. It
then waits up to \`--reconnect-for\` for the master to acknowledge the remaining results.

## Live view and keys

On a terminal, \`run\`, \`master\` and \`watch\` show the run live. Failing and slow requests come first, and the newest
failure is shown in full. In a pipe or in CI, they print one line every five seconds.

| key     | what it does                                                              |
| ------- | ------------------------------------------------------------------------- |
| \`?\`   | shows or hides the list of keys                                           |
| \`q\`   | stops the run gracefully: running tasks finish and everything is counted  |
| \`p\`   | pauses or resumes the users                                               |
| \`+\` \`-\` | changes the number of users by 10 %, at least by one                  |
| \`s\`   | changes the order of the requests: failing, slow, busy, by name           |

Keys work only in the foreground of a terminal, and not in CI (when \`CI\` is set). In \`watch\`, keys use the control API,
and Ctrl-C leaves the run running. \`watch\` ends with the summary and the exit code of the run.

## Result on stdout

With \`--json -\`, only the result is written to stdout. All other output goes to stderr.
`;

/** Renders the reference page of the command line from the commands. */
export async function renderCliDocs(path: string): Promise<string> {
  const parts = [HEAD, '## Commands', ...COMMANDS.map(commandDocs), exitCodeDocs()];
  return await format(parts.join('\n\n'), { ...(await resolveConfig(path)), filepath: path });
}

function commandDocs(command: Command): string {
  const options = Object.entries(command.options);
  const arguments_ = Object.entries(command.positionals ?? {});
  return [
    `### \`drumline ${command.usage}\``,
    `${command.about}.`,
    ...arguments_.map(([name, { describe }]) => `- \`${name}\`: ${String(describe)}`),
    ...(options.length > 0 ? [optionTable(options)] : []),
    `\`\`\`sh\n${command.examples
      .map(([args, does]) => `${`drumline ${commandName(command)} ${args}`.trim()}   # ${does}`)
      .join('\n')}\n\`\`\``,
  ].join('\n\n');
}

function optionTable(options: [string, Option][]): string {
  const rows = options.map(([name, option]) => {
    const short = option.alias === undefined ? '' : `\`-${String(option.alias)}\`, `;
    const value = option.type === 'boolean' ? '' : ` ${option.type === 'number' ? 'N' : 'VALUE'}`;
    const variable = variableOf(name);
    const environment = variable === undefined ? '' : `\`${variable}\``;
    return `| ${short}\`--${name}${value}\` | ${String(option.describe)} | ${defaultOf(option)} | ${environment} |`;
  });
  return ['| option | | default | environment |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function defaultOf({ default: value, defaultDescription }: Option): string {
  if (defaultDescription !== undefined) return defaultDescription;
  return value === undefined || value === false ? '' : `\`${String(value)}\``;
}

function exitCodeDocs(): string {
  const rows = Object.entries(EXIT_CODES).map(
    ([name, { exitCode, meaning }]) => `| ${exitCode} | ${name} | ${meaning} |`,
  );
  return ['## Exit codes', ['| code | name | meaning |', '| ---: | --- | --- |', ...rows].join('\n')].join(
    '\n\n',
  );
}
