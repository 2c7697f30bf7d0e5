/** Measures the prose of Markdown pages and comments. Run it with `npm run prose -- --help`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { commentPassages, commentWidths } from './comments.js';
import { proseFiles } from './files.js';
import { measure, sentencesOf, wordsOf } from './measure.js';
import { paragraphsOf, type Passage } from './passage.js';

const USAGE = `Measures the prose of Markdown pages and comments: words per sentence and paragraph.

npm run prose -- [PATH…] [OPTIONS]

  PATH         a file or folder of the repository; default: all
  --worst N    also print the N longest sentences and paragraphs
  --root DIR   the root of the repository; default: the current directory
  --help       print this help`;

const { values, positionals } = readArguments();
if (values.help) {
  console.log(USAGE);
  process.exit();
}
const { root } = values;
const worst = Number(values.worst);

const files = proseFiles(root);
const inside = (file: string): boolean =>
  positionals.length === 0 ||
  positionals.some((path) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const markdown = files.markdown
  .filter(inside)
  .flatMap((file) => paragraphsOf(read(file)).map((paragraph) => ({ file, ...paragraph })));
const sources = files.source.filter(inside).map((file) => [file, read(file)] as const);
const comments = sources.flatMap(([file, source]) => commentPassages(file, source));

console.table(
  Object.fromEntries(
    Object.entries({ Markdown: markdown, comments, goal: undefined }).map(([name, passages]) => [
      name,
      row(passages),
    ]),
  ),
);
const widest = sources
  .flatMap(([file, source]) => commentWidths(file, source).map((width) => ({ file, ...width })))
  .reduce((a, b) => (b.columns > a.columns ? b : a), { file: 'none', line: 0, columns: 0 });
console.log(`Widest comment: ${widest.columns} columns (${widest.file}:${widest.line}); goal 100.`);

for (const [name, passages] of Object.entries({ Markdown: markdown, comments })) {
  if (worst > 0) printWorst(name, passages);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        root: { type: 'string', default: '.' },
        worst: { type: 'string', default: '0' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function row(passages: readonly Passage[] | undefined): Record<string, string | number> {
  if (passages === undefined) {
    return { 'words/sentence': '14 / 24', 'words/paragraph': '30 / 60', sentences: '', paragraphs: '' };
  }
  const { wordsPerSentence, wordsPerParagraph, sentences, paragraphs } = measure(passages);
  return {
    'words/sentence': wordsPerSentence.join(' / '),
    'words/paragraph': wordsPerParagraph.join(' / '),
    sentences,
    paragraphs,
  };
}

function printWorst(name: string, passages: readonly Passage[]): void {
  const sentences = passages.flatMap(({ file, line, text }) =>
    sentencesOf(text).map((sentence) => ({ file, line, text: sentence })),
  );
  for (const [what, candidates] of Object.entries({ sentences, paragraphs: passages })) {
    console.log(`\nLongest ${what}, ${name}:`);
    const longest = candidates.toSorted((a, b) => wordsOf(b.text) - wordsOf(a.text)).slice(0, worst);
    for (const { file, line, text } of longest) console.log(`${wordsOf(text)} ${file}:${line} ${text}`);
  }
}
