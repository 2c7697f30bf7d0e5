import { createUndiciEngine } from '@drumline/drivers';
import { describeHttpEngine } from './http-engine.js';

describeHttpEngine('undici', createUndiciEngine);
