import { expect, test } from '@jest/globals';
import type { ListedSeries, SeriesPage, SeriesQuery } from '@drumline/client';
import { SeriesWindowReader } from './series-window.js';

function row(id: string, requests: number): ListedSeries {
  return { id, requests, rate: requests } as ListedSeries;
}

test('rows that a master does not repeat stay, with the rate of the present time', async () => {
  const asked: SeriesQuery[] = [];
  const answers: SeriesPage[] = [
    page([row('a', 30), row('b', 20)], ['a', 'b'], 'v1', 10),
    page([row('b', 40)], ['b', 'a'], 'v2', 20),
    page([row('c', 5)], ['c'], 'v3', 30),
  ];
  const series = async (query: SeriesQuery = {}): Promise<SeriesPage> => {
    asked.push(query);
    return answers.shift()!;
  };
  const reader = new SeriesWindowReader({ series }, 'GET', '-requests');
  expect((await reader.read(0, 2)).rows.map(({ id }) => id)).toEqual(['a', 'b']);
  const second = await reader.read(0, 2);
  expect(second).toMatchObject({ total: 3, offset: 0, rows: [row('b', 40), { id: 'a', rate: 1.5 }] });
  // Another window is read whole.
  expect((await reader.read(2, 2)).rows).toEqual([row('c', 5)]);
  expect(asked.map(({ offset, since }) => [offset, since])).toEqual([
    [0, undefined],
    [0, 'v1'],
    [2, undefined],
  ]);
});

function page(series: ListedSeries[], ids: readonly string[], version: string, seconds: number): SeriesPage {
  return { total: 3, series, window: { version, interval: seconds, seconds, ids: [...ids] } };
}
