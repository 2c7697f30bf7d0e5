/** Browser script that draws the charts with uPlot. Charts share one cursor and zoom. */
export const chartScript = `
const source = document.getElementById('chart-data');
if (source) {
  const data = JSON.parse(source.textContent);
  const root = document.documentElement;
  const color = (name) => getComputedStyle(root).getPropertyValue('--' + name).trim();
  const two = (n) => String(n).padStart(2, '0');
  const clock = (s) => {
    const tail = two(Math.floor(s / 60) % 60) + ':' + two(Math.floor(s % 60));
    return s >= 3600 ? Math.floor(s / 3600) + ':' + tail : tail;
  };
  const wall = (s) => new Date(data.startMs + s * 1000).toISOString().slice(11, 19) + ' UTC';
  const number = (v) => v.toLocaleString('en-US', { maximumFractionDigits: v < 10 ? 2 : v < 100 ? 1 : 0 });
  const ms = (v) => (v >= 1000 ? (v / 1000).toFixed(v >= 9950 ? 1 : 2) + ' s' : number(v) + ' ms');
  const most = (values) => values.reduce((max, v) => (v > max ? v : max), 0);
  /** The value in the legend: the one under the cursor, or the maximum. */
  const shown = (format) => (u, v, series, i) =>
    i == null ? 'max ' + format(most(u.data[series])) : v == null ? '–' : format(v);
  const sparse = data.at.length < 90;

  const line = (label, tone, format, more) => ({
    label,
    stroke: () => color(tone),
    width: 1.75,
    value: shown(format),
    points: { show: sparse, size: 5, fill: () => color('card') },
    ...more,
  });
  const filled = (tone) => () => color(tone + '-fill');
  const axis = { stroke: () => color('muted'), grid: { stroke: () => color('grid'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };

  /**
   * A scale from 0 to slightly above the maximum. If all values are 0, up to the smallest value
   * that the axis can show.
   */
  const upTo = (least) => ({
    range: (u, low, high) => [0, uPlot.rangeNum(0, high > 0 ? high : least, { min: {}, max: { pad: 0.08, soft: 0, mode: 0 } })[1]],
  });
  const linear = upTo(1);
  const WHOLE = [1, 2, 5].flatMap((n) => Array.from({ length: 10 }, (_, i) => n * 10 ** i)).sort((a, b) => a - b);
  /** The number of digits that the steps of an axis need, so that no two ticks look the same. */
  const digitsOf = (step) => Math.max(0, Math.min(6, Math.ceil(-Math.log10(step) - 1e-9)));
  const fixed = (v, step) => v.toLocaleString('en-US', { minimumFractionDigits: digitsOf(step), maximumFractionDigits: digitsOf(step) });
  const countTick = (v, step) => (v >= 1e6 ? fixed(v / 1e6, step / 1e6) + 'M' : v >= 1e4 ? fixed(v / 1e3, step / 1e3) + 'k' : fixed(v, step));
  const msTick = (v, step) => (v === 0 ? '0' : v >= 1000 ? fixed(v / 1000, step / 1000) + ' s' : v < 1 && step < 1 ? fixed(v * 1000, step * 1000) + ' µs' : fixed(v, step) + ' ms');

  /** Shades the last second if it is incomplete. */
  const markLast = (u) => {
    const n = data.at.length;
    if (data.lastMs === null || n < 2) return;
    const left = Math.max(u.bbox.left, u.valToPos(data.at[n - 1] - 0.5, 'x', true));
    const right = u.bbox.left + u.bbox.width;
    if (right <= left) return;
    u.ctx.save();
    u.ctx.fillStyle = color('partial');
    u.ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
    u.ctx.restore();
  };
  /** Draws a vertical line at each annotation. */
  const markAnnotations = (u) => {
    u.ctx.save();
    u.ctx.strokeStyle = color('violet');
    u.ctx.setLineDash([4, 4]);
    for (const { at } of data.annotations) {
      if (at < u.scales.x.min || at > u.scales.x.max) continue;
      const x = u.valToPos(at, 'x', true);
      u.ctx.beginPath();
      u.ctx.moveTo(x, u.bbox.top);
      u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
      u.ctx.stroke();
    }
    u.ctx.restore();
  };
  const draw = (id, columns, series, { tick, whole }, y) => {
    const place = document.getElementById('chart-' + id);
    const chart = new uPlot({
      width: place.clientWidth,
      height: 230,
      padding: [12, 22, 0, 0],
      cursor: { sync: { key: 'run' }, points: { size: 8, fill: (u, i) => u.series[i].stroke(u, i) }, focus: { prox: 24 } },
      focus: { alpha: 0.35 },
      scales: {
        x: { time: false },
        y: y || linear,
      },
      axes: [
        { ...axis, values: (u, splits) => splits.map(clock), space: 70, size: 30, incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400] },
        { ...axis, values: (u, splits, at, space, step) => splits.map((v) => (v == null ? '' : tick(v, step || Math.abs(v) || 1))), size: 66, ...(whole && { incrs: WHOLE }) },
      ],
      hooks: { drawClear: [markLast], draw: [markAnnotations] },
      series: [{ label: 'Time', value: (u, v) => (v == null ? 'whole run' : clock(v) + ' · ' + wall(v)) }, ...series],
    }, [data.at, ...columns], place);
    new ResizeObserver(() => resize(chart)).observe(place);
    return chart;
  };
  const resize = (chart) => {
    const width = chart.root.parentNode ? chart.root.parentNode.clientWidth : 0;
    if (width > 0 && width !== chart.width) chart.setSize({ width, height: chart.height });
  };

  const drawLatency = (y) => draw('latency', [data.p50, data.p95, data.p99], [
    line('p50', 'teal', ms), line('p95', 'amber', ms, { dash: [6, 3] }), line('p99', 'violet', ms),
  ], { tick: msTick }, y);
  const COUNTS = { tick: countTick, whole: true };
  const failing = [['Failed requests', 'red', data.failures], ['Failed checks', 'amber', data.failedChecks], ['Exceptions', 'violet', data.exceptions]].filter(([, , column]) => column !== null);

  const drawStarts = ({ planned, started, dropped }) => {
    const perSecond = (v) => number(v) + '/s';
    const columns = [['Started', 'blue', started, {}]];
    if (planned) columns.push(['Planned', 'teal', planned, { dash: [6, 3], points: { show: false } }]);
    if (dropped.some((n) => n > 0)) columns.push(['Dropped', 'red', dropped, {}]);
    return draw('starts', columns.map(([, , column]) => column), columns.map(([label, tone, , more]) => line(label, tone, perSecond, more)), COUNTS);
  };

  const charts = [
    draw('rate', [data.requests], [
      line('Requests', 'blue', (v) => number(v) + '/s', { fill: filled('blue') }),
    ], COUNTS),
    drawLatency(linear),
    draw('users', [data.users], [
      line('Users', 'blue', number, { fill: filled('blue'), paths: uPlot.paths.stepped({ align: 1 }) }),
    ], COUNTS),
    ...(data.starts ? [drawStarts(data.starts)] : []),
    ...(document.getElementById('chart-failures')
      ? [draw('failures', failing.map(([, , column]) => column), failing.map(([label, tone]) => line(label, tone, (v) => number(v) + '/s')), COUNTS)]
      : []),
  ];

  const log = document.getElementById('log-scale');
  log.addEventListener('change', () => {
    const { min, max } = charts[1].scales.x;
    charts[1].destroy();
    charts[1] = drawLatency(log.checked ? { distr: 3 } : linear);
    charts[1].setScale('x', { min, max });
  });

  const redraw = () => charts.forEach((chart) => chart.redraw(false));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  addEventListener('beforeprint', () => {
    root.classList.add('print');
    charts.forEach((chart) => chart.setSize({ width: 900, height: 140 }));
  });
  addEventListener('afterprint', () => {
    root.classList.remove('print');
    charts.forEach((chart) => chart.setSize({ width: chart.root.parentNode.clientWidth, height: 230 }));
  });
}
`;
