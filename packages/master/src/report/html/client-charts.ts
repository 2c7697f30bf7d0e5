/** Draws the charts with uPlot: one cursor and one zoom for all, colours of the page's theme. Browser JavaScript. */
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
  const tick = (v) => (v >= 1e6 ? number(v / 1e6) + 'M' : v >= 1e4 ? number(v / 1e3) + 'k' : number(v));
  const most = (values) => values.reduce((max, v) => (v > max ? v : max), 0);
  /** What the legend says: the value under the cursor, or without a cursor the largest one. */
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

  const linear = {
    range: (u, low, high) => [0, uPlot.rangeNum(0, Math.max(high || 0, 1e-3), { min: {}, max: { pad: 0.08, soft: 0, mode: 0 } })[1]],
  };
  const draw = (id, columns, series, format, y) => {
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
        { ...axis, values: (u, splits) => splits.map((v) => (v == null ? '' : format(v))), size: 66 },
      ],
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
  ], ms, y);

  const charts = [
    draw('rate', [data.requests, data.failures], [
      line('Requests', 'blue', (v) => number(v) + '/s', { fill: filled('blue') }),
      line('Failures', 'red', (v) => number(v) + '/s', { fill: filled('red') }),
    ], tick),
    drawLatency(linear),
    draw('users', [data.users], [
      line('Users', 'blue', number, { fill: filled('blue'), paths: uPlot.paths.stepped({ align: 1 }) }),
    ], tick),
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
