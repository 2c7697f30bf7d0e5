import { describe, expect, test } from '@jest/globals';
import { kindOfMessage } from './grouping.js';

describe('messages of one kind', () => {
  test.each([
    ['connect ECONNREFUSED 10.0.0.7:8080', 'connect ECONNREFUSED <address>'],
    ['connection refused: 127.0.0.1', 'connection refused: <address>'],
    ['connect to [2001:db8::7]:443 failed', 'connect to <address> failed'],
    ['connect to ::1 failed', 'connect to <address> failed'],
    ['at 10:20:30 it was gone', 'at <time> it was gone'],
    ['no route to 2001:db8:0:1::7', 'no route to <address>'],
    ['no answer from shop.example:8443', 'no answer from shop.example:<port>'],
    ['<Order object at 0x7f3a2c> is gone', '<Order object at <address>> is gone'],
    ['no user 0b7e5f64-7a1c-4f0e-9d3b-2f6a8c1d5e70', 'no user <id>'],
    ['trace 4bf92f3577b34da6a3ce929d0e0e4736', 'trace <id>'],
    ['expired at 2026-11-28T10:00:00.123Z', 'expired at <time>'],
    ['order 17 not found', 'order <number> not found'],
    ['order #18: amount -5', 'order #<number>: amount <number>'],
    ['sku=99120', 'sku=<number>'],
    ["no '/orders/17/items/4' here", "no '/orders/<number>/items/<number>' here"],
    ['user 404 is unknown to us', 'user <number> is unknown to us'],
  ])('%s', (message, kind) => {
    expect(kindOfMessage(message)).toBe(kind);
    expect(kindOfMessage(kind)).toBe(kind);
  });
});

describe('parts that distinguish kinds are kept:', () => {
  test.each([
    '503 Service Unavailable',
    'status 404',
    'expected 200, got 503',
    'expected status 200 or 201',
    'closed with code 1006',
    'connection closed (1006)',
    'HTTP/1.1 is required',
    'TLSv1.2 alert',
    'no response within 60s',
    'no response within 1.5s',
    'more than 10% of it',
    'not enough: 5MB',
    'deadline of 250ms',
    'base64 is not utf8',
  ])('%s', (message) => {
    expect(kindOfMessage(message)).toBe(message);
  });
});
