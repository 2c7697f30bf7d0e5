import { createNativeEngine } from '@drumline/drivers';
import { createUndiciEngine } from '@drumline/drivers/undici';
import { describeHttpEngine } from './http-engine.js';

describeHttpEngine('undici', createUndiciEngine, ['HTTP/1.1 only', 'TLS alerts are connection closes']);
describeHttpEngine('native', createNativeEngine);
