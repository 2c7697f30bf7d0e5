import { check, sleep } from 'k6';
import http from 'k6/http';

const interval = Number(__ENV.RATE) > 0 ? 1 / Number(__ENV.RATE) : 0;

export default function () {
  const started = Date.now();
  check(http.get(__ENV.URL), { 'status is 200': (response) => response.status === 200 });
  const rest = interval - (Date.now() - started) / 1000;
  if (rest > 0) sleep(rest);
}
