/** A remark of a person or a program at an instant of the run. */
export interface AnnotationView {
  at: string;
  text: string;
}

/** Body of the order `annotations`. */
export interface AnnotationOrder {
  text: string;
  /** ISO 8601; default now. */
  at?: string;
}
