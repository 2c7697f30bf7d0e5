import { createNativeEngine } from '@drumline/drivers';
import { createUndiciEngine } from '@drumline/drivers/undici';
import { describeHttpEngine } from './http-engine.js';

describeHttpEngine('undici', createUndiciEngine, ['HTTP/1.1 only', 'alerts of TLS are early ends']);
describeHttpEngine('native', createNativeEngine);
