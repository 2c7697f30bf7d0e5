// Compares the words of commands with those of bash.
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isForCmd, readCmd } from './cmd.js';
import { readShell } from './shell.js';

/** The arguments that bash passes to curl. */
function inBash(command: string): string[] {
  const script = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${command}`;
  const output = execFileSync('bash', ['--norc', '-c', script], { env: { LC_ALL: 'C.UTF-8' } }).toString();
  return output.split('\0').slice(0, -1);
}

function wordsOf(text: string): (readonly string[])[] {
  return readShell(text).commands.map(({ words }) => words);
}

describe('words are the same as in bash', () => {
  test.each([
    String.raw`curl 'https://shop.example/?a=1&b=2' -H 'x: it'\''s' --data-raw '{"a":"x\\y"}'"&b=1"`,
    String.raw`curl $'tab\there\n\'quoted\' \u00eb \x41\303\251 \101 \\ \?' -d "a \"b\" \\ \n"`,
    'curl -X POST \\\n  -H "a: b" \\\n\t\'c d\'   e\\ f ""',
    'curl a\'b\'"c"d "multi\nline"',
    'curl a #comment\n',
    'curl a\u000Cb c\u000B d\u00A0e',
    'curl a#b 2>/dev/null -s 2> /dev/null b',
  ])('%s', (command) => {
    const { commands, problems } = readShell(command);
    expect(problems).toEqual([]);
    expect(commands.map(({ words }) => words)).toEqual([['curl', ...inBash(command)]]);
  });

  test('for any mixture of quotes', () => {
    const single = fc.string({ maxLength: 12 }).map((text) => `'${text.replaceAll(/['\0]/g, '')}'`);
    const double = fc
      .string({ maxLength: 12 })
      .map((text) => `"${text.replaceAll(/[$`"\\\0!]/g, String.raw`\$&`).replaceAll('\0', '')}"`);
    const bare = fc.stringMatching(/^[\w./:=-]{1,8}$/);
    const escaped = fc.constantFrom('\\ ', '\\"', "\\'", '\\\\', "$'\\t\\'\\u00e9'");
    const word = fc
      .array(fc.oneof(single, double, bare, escaped), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
        const command = `curl x${words.join(' x')}`;
        expect(wordsOf(command)).toEqual([['curl', ...inBash(command)]]);
      }),
      { numRuns: 60 },
    );
  });
});

test('line ends, semicolons, pipes and && separate commands', () => {
  expect(wordsOf('curl a; curl b && curl c | jq .x\n# all\ncurl "d" &')).toEqual([
    ['curl', 'a'],
    ['curl', 'b'],
    ['curl', 'c'],
    ['jq', '.x'],
    ['curl', 'd'],
  ]);
});

describe('variables', () => {
  /** The words, with `<NAME>` for each unset variable. */
  const marked = (text: string): (readonly string[])[] => {
    const { commands, variables } = readShell(text);
    const named = (word: string): string =>
      [...variables.all].reduce((all, [mark, { name }]) => all.replaceAll(mark, `<${name}>`), word);
    return commands.map(({ words }) => words.map(named));
  };

  test.each<[string, string[]]>([
    ['curl $A "${A}" "x$A.y" \'$A\' \\$A "\\$A"', ['<A>', '<A>', 'x<A>.y', '$A', '$A', '$A']],
    [
      'curl ${A:-http://x} ${B-} ${C:?no} "$1" "$@"',
      ['http://x', '', '<C>', '<ARGUMENT_1>', '<SHELL_VALUE>'],
    ],
    [
      'curl $(date +%s) "$(jq -r \'.a["b"]\' x.json)" `date -u`',
      ['<DATE_OUTPUT>', '<JQ_OUTPUT>', '<DATE_OUTPUT_2>'],
    ],
    ['curl $((1 + 2)) "a$" a$', ['<COMMAND_OUTPUT>', 'a$', 'a$']],
    ['A=b C="d e"; export F=$A; curl $A "$C" $F', ['b', 'd e', 'b']],
  ])('of %s', (text, words) =>
    expect(marked(text)).toEqual(
      [['curl', ...words]].map((all) => all.map((one) => one.replace('<COMMAND_OUTPUT>', '<1_OUTPUT>'))),
    ),
  );
});

describe('standard input', () => {
  test.each([
    ['curl -d @- x <<EOF\n{"a": "b"}\nEOF\ncurl y', { kind: 'text', text: '{"a": "b"}\n' }],
    ["curl -d @- x <<-'END' | jq .\n\t$A\n\tEND\ncurl y", { kind: 'text', text: '$A\n' }],
    ['curl -d @- x <<< "a b"; curl y', { kind: 'text', text: 'a b\n' }],
    ['curl -d @- x < in.json; curl y', { kind: 'file', path: 'in.json' }],
    ['echo a b | curl -d @- x; curl y', { kind: 'text', text: 'a b\n' }],
    ['cat in.json | curl -d @- x; curl y', { kind: 'file', path: 'in.json' }],
    ['make-body | curl -d @- x; curl y', { kind: 'output', program: 'make-body' }],
  ])('of %s', (text, input) => {
    const { commands, problems } = readShell(text);
    const curls = commands.filter(({ words }) => words[0] === 'curl');
    expect(problems).toEqual([]);
    expect(curls.map((command) => command.input)).toEqual([input, undefined]);
  });
});

test('reports a quote that is not closed', () => {
  expect(readShell('curl a \\\n -H "b: c').problems).toEqual(['the quote " on line 2 is not closed']);
});

describe('the Windows command prompt', () => {
  test.each([
    ['curl ^"https://x/?a=^%^20b^" ^\r\n  -H ^"a: b^"', ['curl', 'https://x/?a=%20b', '-H', 'a: b']],
    [
      'curl ^"x^" --data-raw ^"^{^\\^"a^\\^":^\\^"b ^& c^\\^"^}^"',
      ['curl', 'x', '--data-raw', '{"a":"b & c"}'],
    ],
    ['curl "x?a=1&b=2" ^\n -d "{\\"a\\":\\"b\\"}"', ['curl', 'x?a=1&b=2', '-d', '{"a":"b"}']],
    ['curl ^"x^" -d ^"one^\n\ntwo^"', ['curl', 'x', '-d', 'one\ntwo']],
    ['curl ^"x^" -d ^"C:\\dir\\\\^"', ['curl', 'x', '-d', 'C:\\dir\\']],
    ['curl ^"x^" -d "say ""hi"""', ['curl', 'x', '-d', 'say "hi"']],
  ])('%j', (text, words) => {
    expect(isForCmd(text)).toBe(true);
    expect(readCmd(text).commands.map((one) => one.words)).toEqual([words]);
  });

  test('& separates commands', () => {
    expect(readCmd('curl ^"a^" &\r\ncurl ^"b^&c^"').commands.map(({ words }) => words)).toEqual([
      ['curl', 'a'],
      ['curl', 'b&c'],
    ]);
  });
});
