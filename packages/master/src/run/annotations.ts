import { printable, RequestError } from '@drumline/model';
import type { AnnotationOrder, AnnotationView } from '@drumline/wire';

/** The most annotations of a run. */
const MAX_ANNOTATIONS = 1_000;

/** Remarks of people and programs at instants of a run, such as a deployment. */
export class Annotations {
  /** In the order of their instants. Another array after each change. */
  all: readonly AnnotationView[] = [];

  /** @throws RequestError `argument-invalid`, `request-invalid` */
  add({ text, at }: AnnotationOrder, now = new Date()): AnnotationView {
    const instant = at === undefined ? now : new Date(at);
    if (Number.isNaN(instant.getTime()))
      throw new RequestError(
        'argument-invalid',
        `at: '${printable(at ?? '')}' is not an instant`,
        'For example 2026-11-29T15:00:00Z.',
      );
    if (this.all.length >= MAX_ANNOTATIONS)
      throw new RequestError('request-invalid', `A run can have ${MAX_ANNOTATIONS} annotations at most.`);
    const annotation = { at: instant.toISOString(), text: printable(text) };
    this.all = [...this.all, annotation].sort((a, b) => a.at.localeCompare(b.at));
    return annotation;
  }

  /** Restores the annotations of another master. */
  restore(all: readonly AnnotationView[]): void {
    this.all = all;
  }
}
