import { createNativeGrpcEngine } from '@drumline/drivers/grpc';
import { createGrpcJsEngine } from '@drumline/drivers/grpc-js';
import { describeGrpcEngine } from './grpc-engine.js';

describeGrpcEngine('native', createNativeGrpcEngine);
describeGrpcEngine('grpc-js', createGrpcJsEngine, ['overlooks faults']);
