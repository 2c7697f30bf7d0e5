import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A web server that closes connections after a second of idle time without announcing it. */
export interface IdleServer {
  /** The required program. */
  readonly program: string;
  /** Whether `/count` returns the number of all other requests that it has read. */
  readonly counts: boolean;
  /** Writes its configuration into the directory. */
  prepare(folder: string, port: number): readonly string[];
}

const ASGI_APP = `
count = 0
async def app(scope, receive, send):
    global count
    if scope['type'] != 'http': return
    counting = scope['path'] == '/count'
    if not counting: count += 1
    body = str(count).encode() if counting else b'ok'
    await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'content-length', str(len(body)).encode())]})
    await send({'type': 'http.response.body', 'body': body})
`;

const WSGI_APP = `
import itertools
counter = itertools.count(1)
count = 0
def app(environ, start_response):
    global count
    counting = environ['PATH_INFO'] == '/count'
    if not counting: count = next(counter)
    body = str(count).encode() if counting else b'ok'
    start_response('200 OK', [('Content-Length', str(len(body)))])
    return [body]
`;

const GO_SERVER = `package main
import ("fmt"; "net/http"; "os"; "sync/atomic"; "time")
func main() {
	var count atomic.Int64
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/count" { fmt.Fprint(w, count.Load()); return }
		count.Add(1)
		fmt.Fprint(w, "ok")
	})
	server := http.Server{Addr: "127.0.0.1:" + os.Args[1], Handler: handler, IdleTimeout: time.Second}
	panic(server.ListenAndServe())
}
`;

/** Writes a file and returns its path. */
function file(folder: string, name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

export const IDLE_SERVERS: Readonly<Record<string, IdleServer>> = {
  uvicorn: {
    program: 'uvicorn',
    counts: true,
    prepare(folder, port) {
      file(folder, 'app.py', ASGI_APP);
      const limits = ['--timeout-keep-alive', '1', '--log-level', 'error', '--no-access-log'];
      return ['uvicorn', 'app:app', '--app-dir', folder, '--port', `${port}`, ...limits];
    },
  },
  gunicorn: {
    program: 'gunicorn',
    counts: true,
    prepare(folder, port) {
      file(folder, 'app.py', WSGI_APP);
      const threads = [
        '--worker-class',
        'gthread',
        '--threads',
        '8',
        '--keep-alive',
        '1',
        '--log-level',
        'error',
      ];
      return ['gunicorn', 'app:app', '--chdir', folder, '--bind', `127.0.0.1:${port}`, ...threads];
    },
  },
  'a Go server': {
    program: 'go',
    counts: true,
    prepare(folder, port) {
      const source = file(folder, 'main.go', GO_SERVER);
      const program = join(folder, 'server');
      execFileSync('go', ['build', '-o', program, source], {
        cwd: folder,
        env: { ...process.env, GOFLAGS: '' },
      });
      return [program, `${port}`];
    },
  },
  nginx: {
    program: 'nginx',
    counts: false,
    prepare(folder, port) {
      const server = `server { listen 127.0.0.1:${port}; location / { return 200 "ok"; } }`;
      const http = `access_log off; keepalive_timeout 1s; keepalive_requests 100000; ${server}`;
      const main = `daemon off; pid ${folder}/pid; error_log /dev/null; events {}`;
      return ['nginx', '-p', folder, '-c', file(folder, 'nginx.conf', `${main} http { ${http} }`)];
    },
  },
  lighttpd: {
    program: 'lighttpd',
    counts: false,
    prepare(folder, port) {
      mkdirSync(join(folder, 'files'));
      file(join(folder, 'files'), 'index.html', 'ok');
      const lines = [
        `server.document-root = "${folder}/files"`,
        `server.port = ${port}`,
        'server.bind = "127.0.0.1"',
        'server.max-keep-alive-idle = 1',
        'server.max-keep-alive-requests = 100000',
        'index-file.names = ("index.html")',
      ];
      return ['lighttpd', '-D', '-f', file(folder, 'lighttpd.conf', `${lines.join('\n')}\n`)];
    },
  },
  HAProxy: {
    program: 'haproxy',
    counts: false,
    prepare(folder, port) {
      const lines = [
        'defaults',
        '  mode http',
        '  timeout connect 5s',
        '  timeout client 30s',
        '  timeout server 30s',
        '  timeout http-keep-alive 1s',
        'frontend web',
        `  bind 127.0.0.1:${port}`,
        '  http-request return status 200 content-type text/plain string ok',
      ];
      return ['haproxy', '-db', '-f', file(folder, 'haproxy.cfg', `${lines.join('\n')}\n`)];
    },
  },
};
