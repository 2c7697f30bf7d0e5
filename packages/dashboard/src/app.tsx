import type { MasterClient } from '@drumline/client';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { connectToMaster, keepToken } from './api/session.js';
import { Announcer } from './parts/announcer.js';
import { Dialog } from './parts/dialog.js';
import { pressKey } from './parts/keys.js';
import { Logo } from './parts/logo.js';
import { ThemeButton } from './parts/theme.js';
import { CURRENT_RUN } from './route-text.js';
import { route } from './route.js';
import { LiveRun } from './run/live-run.js';
import { Compare } from './views/compare/compare.js';
import { NewerRun } from './views/newer-run.js';
import { RunPage, TABS } from './views/run-page.js';
import { Runs } from './views/runs/runs.js';
import { NewRun } from './views/start/new-run.js';
import { TokenForm } from './views/token-form.js';

/** What the token allows. */
type Access =
  | { readonly kind: 'asking' }
  | { readonly kind: 'token' }
  | { readonly kind: 'open'; readonly role: string; readonly mayStart: boolean };

export function App({ token: first }: { readonly token: string | undefined }) {
  const [token, setToken] = useState(first);
  const [access, setAccess] = useState<Access>({ kind: 'asking' });
  const [showsHelp, setShowsHelp] = useState(false);
  const master = useMemo(() => connectToMaster(token), [token]);
  useEffect(() => {
    Promise.all([master.access(), master.health()]).then(
      ([{ role }, { mode }]) =>
        setAccess({ kind: 'open', role, mayStart: role !== 'view' && mode === 'serve' }),
      (error: { status?: number }) =>
        setAccess(error.status === 401 ? { kind: 'token' } : { kind: 'open', role: 'view', mayStart: false }),
    );
  }, [master]);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => pressKey(event, () => setShowsHelp(true));
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  if (access.kind === 'token')
    return (
      <TokenForm
        onToken={(given) => {
          keepToken(given);
          setToken(given);
        }}
      />
    );
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href="#/run/current/overview" data-key="r">
          <Logo /> Drumline
        </a>
        <nav aria-label="Pages">
          <a href="#/run/current/overview" aria-current={route.value.page === 'run' ? 'page' : undefined}>
            Run
          </a>
          <a href="#/runs" data-key="l" aria-current={route.value.page === 'runs' ? 'page' : undefined}>
            All runs
          </a>
          {access.kind === 'open' && access.mayStart && (
            <a href="#/new" data-key="n" aria-current={route.value.page === 'new' ? 'page' : undefined}>
              New run
            </a>
          )}
        </nav>
        <span class="buttons">
          <button type="button" aria-label="Keyboard shortcuts" onClick={() => setShowsHelp(true)}>
            ?
          </button>
          <ThemeButton />
        </span>
      </header>
      <main id="main" tabIndex={-1}>
        {access.kind === 'open' && <Page master={master} role={access.role} mayStart={access.mayStart} />}
      </main>
      <Announcer />
      {showsHelp && <KeyHelp onClose={() => setShowsHelp(false)} />}
    </>
  );
}

interface PageProps {
  readonly master: MasterClient;
  readonly role: string;
  readonly mayStart: boolean;
}

function Page({ master, role, mayStart }: PageProps) {
  const { page, run, query } = route.value;
  if (page === 'new')
    return mayStart ? (
      <NewRun master={master} />
    ) : (
      <p class="muted empty">
        This page starts no runs: the token is for reading, or the master has one run.
      </p>
    );
  if (page === 'runs') return <Runs master={master} role={role} />;
  if (page === 'compare')
    return <Compare master={master} baseline={query['baseline'] ?? ''} other={query['run'] ?? ''} />;
  return <FollowedRun key={run} master={master} id={run} role={role} mayStart={mayStart} />;
}

interface FollowedProps extends PageProps {
  readonly id: string;
}

function FollowedRun({ master, id, role, mayStart }: FollowedProps) {
  const [shown, setShown] = useState(0);
  const run = useMemo(() => new LiveRun(master, id), [master, id, shown]);
  useEffect(() => {
    void run.follow();
    return () => run.close();
  }, [run]);
  const connection = run.connection.value;
  return (
    <>
      {connection === 'lost' && (
        <p class="lost" role="alert">
          The connection to the master is lost. The page tries again every two seconds.
        </p>
      )}
      {id === CURRENT_RUN && run.view.value && connection !== 'live' && (
        <NewerRun master={master} shown={run.view.value.runId} onShow={() => setShown(shown + 1)} />
      )}
      {run.view.value ? (
        <RunPage run={run} master={master} role={role} mayStart={mayStart} />
      ) : connection === 'refused' ? (
        <p class="empty" role="alert">
          {run.problem.value?.message} <span class="muted">{run.problem.value?.hint}</span>
        </p>
      ) : (
        <p class="muted empty">Connecting…</p>
      )}
    </>
  );
}

const KEYS = [
  ...TABS.map(({ key, title }) => [key, title] as const),
  ['p', 'Start, pause or resume the run'],
  ['u', 'Change the load'],
  ['a', 'Add a remark'],
  ['s', 'Stop the run, or take it out of the queue'],
  ['r', 'The run in progress'],
  ['l', 'All runs'],
  ['n', 'New run'],
  ['/', 'Filter or search'],
  ['Esc', 'From a series to all series'],
  ['?', 'This list'],
] as const;

function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl class="keys">
        {KEYS.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p class="help">
        A filter of series is a list of terms that must all hold: <code>POST</code> or <code>cart</code>{' '}
        (method or a part of the name), <code>tier=gold</code> (a tag), <code>user:buyer</code>,{' '}
        <code>p95&gt;300</code>, <code>failures&gt;0</code>, <code>share&gt;=1%</code>.
      </p>
      <p class="buttons">
        <button type="button" class="primary" onClick={onClose}>
          Close
        </button>
      </p>
    </Dialog>
  );
}
