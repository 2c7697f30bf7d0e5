import { EXIT_CODES } from '@drumline/model';
import { format, resolveConfig } from 'prettier';
import { commandName, type Command, type Option } from '../src/cli/command.js';
import { COMMANDS } from '../src/cli/commands/index.js';
import { variableOf } from '../src/cli/settings.js';

const HEAD = `# Command line

<!-- Written by the test packages/drumline/src/cli/docs.test.ts from the commands themselves:
     UPDATE_DOCS=1 npm test -- cli/docs -->

\`\`\`sh
npx drumline run scenario.ts        # master and workers on this machine
npx drumline master scenario.ts     # or the master here …
npx drumline worker --master tcp://MASTER:5557   # … and workers anywhere
npx drumline watch                  # follow it, from a third terminal
\`\`\`

## Options, environment and config file

Every option can be given in three ways. Flags win over the environment, and the environment over the file.

| way         | example                                                                                      |
| ----------- | -------------------------------------------------------------------------------------------- |
| flag        | \`--run-time 5m\`; \`--no-html\` switches something off; the last one counts                     |
| environment | \`DRUMLINE_RUN_TIME=5m\`, \`DRUMLINE_HTML=false\`                                                |
| file        | \`{ "run-time": "5m", "html": false }\` (also \`"runTime"\`) in \`drumline.config.json\` in the working directory, or in the file that \`--config\` or \`DRUMLINE_CONFIG\` names |

One file may serve all commands: each takes the options that it has. A key that no command has is an error.
The scenario may be named by \`DRUMLINE_SCENARIO\` or \`"scenario"\`.

- Durations are written \`500ms\`, \`30s\`, \`5m\`, \`1h30m\`.
- \`DRUMLINE_API\` is where the API listens for \`run\` and \`master\`, and where to find it for the others;
  \`HOST:PORT\` and \`http://HOST:PORT\` are both understood.
- \`DRUMLINE_KEY\`, \`DRUMLINE_TOKEN\` and \`DRUMLINE_API_TOKEN\` hold what \`drumline token\` makes; no option takes it itself, but \`--key-file\`,
  \`--token-file\` and \`--api-token-file\` name files, which win over them.
- \`NO_COLOR=1\` switches colours off. \`DRUMLINE_DEBUG=1\` shows a stack with every error.

## Ctrl-C

The first Ctrl-C (or SIGTERM) ends a run well: no task starts any more, running ones may finish within \`--stop-timeout\`,
every number is collected and the reports are written. The second ends it at once, with what had been counted. A
\`worker\` that is interrupted hands its users to the others first. If its master is silent, it ends its users and, while there is something that the
master has not got yet, waits for it as long as \`--reconnect-for\` says.

## Live view and keys

On a terminal, \`run\`, \`master\` and \`watch\` show the run as it goes on: what fails and what is slow first, with the newest failure
told whole. It uses all of the terminal. Elsewhere, in a pipe or in CI, there is a line every five seconds.

| key     | what it does                                                              |
| ------- | ------------------------------------------------------------------------- |
| \`?\`   | shows or hides the list of keys                                           |
| \`q\`   | stops the run gracefully: running tasks finish, everything is counted     |
| \`p\`   | pauses the users, or resumes them                                         |
| \`+\` \`-\` | 10 % more or fewer users, at least one                                |
| \`s\`   | sorts the requests: failing, slow, busy, by name                          |

Keys are read only where a person sits at the terminal: not in CI (\`CI\` is set), not in the background. In \`watch\` they go through
the control API, and Ctrl-C leaves the run alone. \`watch\` ends with the summary, and exits as the run does.

## Result on stdout

With \`--json -\` the result is the only thing on stdout; everything for people goes to stderr.
`;

/** The page of the command line, from the commands themselves. */
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
    return `| ${short}\`--${name}${value}\` | ${String(option.describe)} | ${defaultOf(option)} | \`${variableOf(name)}\` |`;
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
