import { describe, expect, test } from '@jest/globals';
import { DrumlineError } from '@drumline/model';
import { environmentOption } from './environment.js';

const { read } = environmentOption;

describe('environment variables of a run', () => {
  test('are set to a value or copied from this machine, and the last value of a name counts', () => {
    process.env['CHECKED_HERE'] = 'here';
    expect(read(['A=1=2', 'B=', 'CHECKED_HERE', 'A=3', 'C=two\nlines'])).toEqual({
      A: '3',
      B: '',
      CHECKED_HERE: 'here',
      C: 'two\nlines',
    });
    expect(read('A=1')).toEqual({ A: '1' });
  });

  test('are rejected together if they cannot take effect', () => {
    const given = ['NOWHERE_SET', '1A=x', '=x', 'DRUMLINE_TOKEN=x', 'NODE_OPTIONS=x', 'GOOD=x'];
    expect(() => read(given)).toThrow(DrumlineError);
    expect(() => read(given)).toThrow(
      /^--env: there is no environment variable NOWHERE_SET\n--env: '1A' is not a valid name.*\n--env: '' is not a valid name.*\n--env: DRUMLINE_TOKEN: .*\n--env: NODE_OPTIONS is read when a process starts[^\n]*$/,
    );
  });
});
