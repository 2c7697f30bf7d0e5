import { optionKeys } from '@drumline/model';
import type { ConnectOptions, WaitOptions } from './options.js';

export const CONNECT_KEYS = optionKeys<ConnectOptions>({
  name: true,
  tags: true,
  headers: true,
  protocols: true,
  timeout: true,
  compress: true,
  backlog: true,
  maxBodyBytes: true,
});

export const WAIT_KEYS = optionKeys<WaitOptions>({ name: true, tags: true, timeout: true });
