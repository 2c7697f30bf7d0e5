import type { MasterClient, ScenarioUpload, ScenarioView } from '@drumline/client';
import { useEffect, useState } from 'preact/hooks';
import { messageOf } from '../../parts/message-of.js';

/** The path of a scenario of the directory, or an uploaded file. */
export type Source = string | ScenarioUpload;

interface ReadScenario {
  readonly view?: ScenarioView;
  readonly problem?: string;
  readonly isReading: boolean;
}

/** What a scenario declares. The master executes its code, which may take seconds. */
export function useScenario(master: MasterClient, source: Source | undefined): ReadScenario {
  const [read, setRead] = useState<ReadScenario>({ isReading: false });
  useEffect(() => {
    if (source === undefined) return setRead({ isReading: false });
    let isOver = false;
    setRead({ isReading: true });
    master.scenario(source).then(
      (view) => void (isOver || setRead({ view, isReading: false })),
      (error: unknown) => void (isOver || setRead({ problem: messageOf(error), isReading: false })),
    );
    return () => void (isOver = true);
  }, [master, source]);
  return read;
}
