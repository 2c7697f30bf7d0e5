import { createNativeGrpcEngine } from '@drumline/drivers/grpc';
import { describeGrpcEngine } from './grpc-engine.js';

describeGrpcEngine('native', createNativeGrpcEngine);
