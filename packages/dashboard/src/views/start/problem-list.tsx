import type { ProblemView } from '@drumline/client';
import type { RefObject } from 'preact';
import { idOf } from './fields.js';
import { fieldOf, TITLES } from './form-values.js';

interface Props {
  readonly problems: readonly ProblemView[];
  /** Gets the focus when there are problems. */
  readonly place: RefObject<HTMLElement | null>;
}

/** All problems at once. A problem of a field leads to it. */
export function ProblemList({ problems, place }: Props) {
  if (problems.length === 0) return null;
  return (
    <section ref={place} class="problem" role="alert" tabIndex={-1} aria-label="Problems">
      <h2>{problems.length === 1 ? 'The run cannot start' : `${problems.length} problems`}</h2>
      <ul>
        {problems.map((problem) => {
          const { where, message, hint } = problem;
          const name = fieldOf(problem);
          return (
            <li key={where + message}>
              {name === undefined ? (
                where !== '' && <code>{where}</code>
              ) : (
                <button
                  type="button"
                  class="link"
                  onClick={() => document.getElementById(idOf(name))?.focus()}
                >
                  {TITLES[name] ?? name.replace(/^p\./, '')}
                </button>
              )}{' '}
              {message} {hint !== undefined && <span class="hint">{hint}</span>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
