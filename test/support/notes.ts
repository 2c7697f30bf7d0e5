import { randomBytes } from 'node:crypto';
import { startSite, type Answer, type Asked, type Site } from './site.js';

const PASSWORD = 'hopper & sons';

/**
 * A classic site without scripts: forms with a one-time token, redirects after each form, a session
 * cookie, and a second cookie that scripts repeat in a header.
 */
export async function startNotes(): Promise<Site> {
  const sessions = new Map<string, Session>();
  return await startSite((asked) => {
    const id = /\bsid=(\w+)/.exec(asked.headers.cookie ?? '')?.[1] ?? randomBytes(8).toString('hex');
    const session = sessions.get(id) ?? { xsrf: randomBytes(16).toString('hex'), form: '', user: '' };
    sessions.set(id, session);
    const answer = answerIn(session, asked);
    return { ...answer, cookies: [`sid=${id}; Path=/`, `XSRF-TOKEN=${session.xsrf}; Path=/`] };
  });
}

interface Session {
  readonly xsrf: string;
  /** The token in the last form. */
  form: string;
  user: string;
}

function answerIn(session: Session, { method, path, query, headers, body }: Asked): Answer {
  const asked = `${method} ${path}`;
  if (asked === 'GET /login') return form(session);
  if (asked === 'POST /login') {
    const fields = new URLSearchParams(body);
    if (!acceptForm(session, fields.get('authenticity_token')) || fields.get('user[password]') !== PASSWORD)
      return { status: 422 };
    session.user = fields.get('user[name]') ?? '';
    return { status: 302, location: '/notes' };
  }
  if (session.user !== 'grace') return { status: 401 };
  if (asked === 'POST /logout') {
    session.user = '';
    return { status: 302, location: '/login' };
  }
  if (asked === 'GET /notes/new') return form(session);
  if (asked === 'POST /notes') {
    const token = /name="authenticity_token"\r\n\r\n(\w+)/.exec(body)?.[1];
    const whole = /filename="moth\.png"/.test(body) && body.split('name="tags"').length === 3;
    return acceptForm(session, token) && whole ? { status: 303, location: '/notes/317' } : { status: 422 };
  }
  if (asked === 'PATCH /notes/317') {
    return headers['x-xsrf-token'] === session.xsrf ? { json: { id: 317, starred: true } } : { status: 403 };
  }
  const printed = path === '/notes/317' && query.has('print') === query.has('size');
  return asked === 'GET /notes' || printed ? { html: '<html><body>notes</body></html>' } : { status: 404 };
}

function form(session: Session): Answer {
  session.form = randomBytes(16).toString('hex');
  return {
    html: `<form method="post">\n <input type="hidden" name="authenticity_token" value="${session.form}" autocomplete="off">\n</form>`,
  };
}

function acceptForm(session: Session, token: string | null | undefined): boolean {
  const isGood = token === session.form && session.form !== '';
  session.form = '';
  return isGood;
}
