import { formatBytes, formatCount, printable, type OpenedConnection, type Phases } from '@drumline/model';
import type {
  DebugBody,
  DebugExchange,
  DebugGrpcCall,
  DebugHeaders,
  DebugRequest,
} from '@drumline/worker/debug';
import { formatMs } from '../format.js';
import type { Colors } from '../options.js';

/** A request in lines: how it ended, its headers, bodies and phases. */
export function requestLines(request: DebugRequest, colors: Colors, maxBodyBytes: number): string[] {
  const { exchanges, grpc } = request;
  const details = [
    ...exchanges.flatMap((exchange, index) => [
      ...(exchanges.length > 1 ? [colors.bold(`request ${index + 1}: ${headline(exchange)}`)] : []),
      ...exchangeLines(exchange, colors, maxBodyBytes),
    ]),
    ...(grpc === undefined ? [] : grpcLines(grpc, colors, maxBodyBytes)),
    ...failureLines(request, colors),
    ...(request.timesParts ? [] : [colors.dim(timesOf(request))]),
  ];
  return [titleOf(request, colors), ...details.map((line) => `    ${line}`)];
}

/** The end of a response stream, with what was received. */
export function exchangeLines(
  { requestHeaders, requestBody, responseHeaders, responseBody, status }: DebugExchange,
  colors: Colors,
  maxBodyBytes: number,
): string[] {
  const sent = [...headerLines(requestHeaders), ...bodyLines(requestBody, maxBodyBytes)];
  const received = [...headerLines(responseHeaders), ...bodyLines(responseBody, maxBodyBytes)];
  return [
    ...sent.map((line) => `${colors.cyan('>')} ${line}`),
    ...(status === 0 ? [] : received.map((line) => `${colors.magenta('<')} ${line}`)),
  ];
}

/** A body, cut to a number of bytes. */
export function bodyLines(body: DebugBody | undefined, maxBytes: number): string[] {
  if (body === undefined) return [];
  const { bytes, text, base64, isCut, withheld } = body;
  if (withheld !== undefined) return [`(${bytes > 0 ? `${formatCount(bytes)} bytes, ` : ''}${withheld})`];
  if (maxBytes === 0) return [`(${formatCount(bytes)} bytes)`];
  if (base64 !== undefined) return [`(${formatCount(bytes)} bytes, not text)`];
  const shown = cutBytes(text!, maxBytes);
  const lines = printable(shown).replace(/\n$/, '').split('\n');
  return shown.length < text!.length || isCut
    ? [...lines, `… (${formatCount(bytes)} bytes in all; --body shows more)`]
    : lines;
}

function titleOf(request: DebugRequest, colors: Colors): string {
  const { outcome, protocol, method, name, tags, durationMs, exchanges, grpc } = request;
  const mark =
    outcome === 'passed' ? colors.green('✓') : outcome === 'failed' ? colors.red('✗') : colors.yellow('•');
  const last = exchanges.at(-1);
  const what =
    last !== undefined
      ? headline(exchanges.length > 1 ? { ...exchanges[0]!, status: 0 } : last)
      : [protocol, method, name].filter((part) => part !== '').join(' ');
  const end = grpc === undefined ? '' : `  ${grpc.status}`;
  const first = exchanges[0];
  const isRenamed = first !== undefined && !first.url.endsWith(name) && pathOf(first.url) !== name;
  const labels = [
    ...(isRenamed ? [`as '${name}'`] : []),
    ...tags.map(([tag, value]) => `${tag}=${value}`),
    ...(outcome === 'interrupted' ? ['interrupted'] : []),
  ];
  const label = labels.length === 0 ? '' : colors.dim(`  (${printable(labels.join(', '))})`);
  return `  ${mark} ${printable(what)}${end}  ${colors.bold(formatMs(durationMs))}${label}`;
}

/** `POST http://127.0.0.1/orders  HTTP/1.1 201 Created` */
function headline({ method, url, version, status, statusText }: DebugExchange): string {
  const answer =
    status === 0 ? '' : `  ${version === 'h2' ? 'HTTP/2' : 'HTTP/1.1'} ${status} ${statusText}`.trimEnd();
  return `${method} ${url}${answer}`;
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}

function grpcLines(call: DebugGrpcCall, colors: Colors, maxBodyBytes: number): string[] {
  const sent = [
    ...headerLines(call.requestMetadata),
    ...call.sent.flatMap((body) => bodyLines(body, maxBodyBytes)),
  ];
  const received = [
    ...headerLines(call.responseMetadata),
    ...call.received.flatMap((body) => bodyLines(body, maxBodyBytes)),
    ...headerLines(call.trailers),
    ...(call.message === '' ? [] : [`${call.status}: ${printable(call.message)}`]),
  ];
  return [
    ...sent.map((line) => `${colors.cyan('>')} ${line}`),
    ...received.map((line) => `${colors.magenta('<')} ${line}`),
  ];
}

function headerLines(headers: DebugHeaders): string[] {
  return headers.map(([name, value]) => printable(`${name}: ${value}`));
}

function failureLines({ failure, example }: DebugRequest, colors: Colors): string[] {
  if (failure === undefined) return [];
  return [colors.red(printable(`failed: ${failure}${example === undefined ? '' : ` (${example})`}`))];
}

function timesOf({ phases, exchanges, bytesSent, bytesReceived }: DebugRequest): string {
  const transferred =
    bytesSent + bytesReceived === 0
      ? []
      : [`${formatBytes(bytesSent)} sent, ${formatBytes(bytesReceived)} received`];
  const opened = exchanges.flatMap(({ opened }) => (opened === undefined ? [] : [openedLine(opened)]));
  return [...(phases === undefined ? [] : [phaseLine(phases)]), ...transferred, ...opened].join('; ');
}

function phaseLine({ queuedMs, connectMs, sendMs, waitMs, receiveMs }: Phases): string {
  return Object.entries({
    queued: queuedMs,
    connect: connectMs,
    send: sendMs,
    wait: waitMs,
    receive: receiveMs,
  })
    .filter(([, ms]) => ms >= 0.005)
    .map(([phase, ms]) => `${phase} ${formatMs(ms)}`)
    .join(', ');
}

function openedLine({ dnsMs, tcpMs, tlsMs, tls, protocol }: OpenedConnection): string {
  const parts = [
    ...(dnsMs >= 0.005 ? [`DNS ${formatMs(dnsMs)}`] : []),
    `TCP ${formatMs(tcpMs)}`,
    ...(tls === undefined
      ? []
      : [`${tls.version} ${tls.cipher}${tls.resumed ? ' resumed' : ''} ${formatMs(tlsMs)}`]),
    protocol,
  ];
  return `new connection: ${parts.join(', ')}`;
}

/** Cuts a text to a number of bytes in UTF-8, between characters. */
function cutBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  return new TextDecoder().decode(bytes.subarray(0, maxBytes), { stream: true });
}
