import type { Passage } from './passage.js';

/** Words per sentence and per paragraph: median and 90th percentile. */
export interface ProseFigures {
  readonly paragraphs: number;
  readonly sentences: number;
  readonly wordsPerSentence: readonly [median: number, p90: number];
  readonly wordsPerParagraph: readonly [median: number, p90: number];
}

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

export function measure(passages: readonly Passage[]): ProseFigures {
  const perParagraph = passages.map(({ text }) => wordsOf(text));
  const perSentence = passages.flatMap(({ text }) => sentencesOf(text).map(wordsOf));
  return {
    paragraphs: perParagraph.length,
    sentences: perSentence.length,
    wordsPerSentence: [quantile(perSentence, 0.5), quantile(perSentence, 0.9)],
    wordsPerParagraph: [quantile(perParagraph, 0.5), quantile(perParagraph, 0.9)],
  };
}

/** The sentences of a passage, divided by the rules of Unicode annex 29. */
export function sentencesOf(text: string): string[] {
  return [...segmenter.segment(text)]
    .map(({ segment }) => segment.trim())
    .filter((part) => wordsOf(part) > 0);
}

export function wordsOf(text: string): number {
  return text.split(/\s+/).filter((part) => /[\p{L}\p{N}]/u.test(part)).length;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
