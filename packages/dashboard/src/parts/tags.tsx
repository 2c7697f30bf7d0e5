import { Fragment } from 'preact';

/** Names with values, such as the tags of a series or the labels of a run. */
export function Tags({ tags = {} }: { readonly tags?: Readonly<Record<string, string>> | undefined }) {
  return (
    <>
      {Object.entries(tags).map(([name, value]) => (
        <Fragment key={name}>
          {' '}
          <span class="tag">
            {name}={value}
          </span>
        </Fragment>
      ))}
    </>
  );
}
