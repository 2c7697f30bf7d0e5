import type { ScenariosView, ScenarioUpload } from '@drumline/client';
import { useState } from 'preact/hooks';
import { announce } from '../../parts/announcer.js';
import { messageOf } from '../../parts/message-of.js';
import { Field } from './fields.js';

/** The master refuses longer files. */
const MOST_CHARS = 1024 * 1024;

interface Props {
  readonly scenarios: ScenariosView;
  readonly path: string;
  readonly upload: ScenarioUpload | undefined;
  readonly onPath: (path: string) => void;
  readonly onUpload: (upload: ScenarioUpload | undefined) => void;
}

/** Chooses the scenario: from the directory of the master, or a file of the reader. */
export function SourceFields({
  scenarios: { scenarios, hasDirectory },
  path,
  upload,
  onPath,
  onUpload,
}: Props) {
  const [isUpload, setUpload] = useState(!hasDirectory);
  const choose = (wantsUpload: boolean): void => {
    setUpload(wantsUpload);
    if (!wantsUpload) onUpload(undefined);
  };
  return (
    <fieldset class="card">
      <legend>Scenario</legend>
      {hasDirectory && (
        <p class="choices">
          <label>
            <input type="radio" name="source" checked={!isUpload} onChange={() => choose(false)} /> From the
            master
          </label>
          <label>
            <input type="radio" name="source" checked={isUpload} onChange={() => choose(true)} /> Upload a
            file
          </label>
        </p>
      )}
      {isUpload ? (
        <Field
          name="upload"
          title="File"
          hint={`TypeScript or JavaScript that imports only drumline and modules of Node.${upload ? ` Chosen: ${upload.name}.` : ''}`}
        >
          {(attributes) => (
            <input
              {...attributes}
              type="file"
              accept=".ts,.mts,.js,.mjs"
              onChange={({ currentTarget: { files } }) => void take(files?.[0], onUpload)}
            />
          )}
        </Field>
      ) : scenarios.length === 0 ? (
        <p class="muted">The directory of the master has no scenarios.</p>
      ) : (
        <Field name="scenario" title="File">
          {(attributes) => (
            <select
              {...attributes}
              value={path}
              onChange={({ currentTarget }) => onPath(currentTarget.value)}
            >
              <option value="">Choose…</option>
              {scenarios.map((one) => (
                <option key={one.path} value={one.path}>
                  {one.path}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </fieldset>
  );
}

async function take(file: File | undefined, onUpload: Props['onUpload']): Promise<void> {
  if (!file) return onUpload(undefined);
  if (file.size > MOST_CHARS) return announce('The file is larger than 1 MiB.', 'problem');
  try {
    onUpload({ name: file.name.replaceAll(/[^\w.-]/g, '_'), text: await file.text() });
  } catch (error) {
    announce(`The file cannot be read: ${messageOf(error)}`, 'problem');
  }
}
