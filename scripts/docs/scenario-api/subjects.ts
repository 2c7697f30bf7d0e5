/** The sections of the page, in order. A type that is not listed goes where it is first used. */

export interface Subject {
  readonly title: string;
  readonly names: readonly string[];
}

export const SUBJECTS: readonly Subject[] = [
  { title: 'Scenario', names: ['scenario', 'ScenarioSpec', 'Scenario', 'Duration'] },
  { title: 'Users', names: ['user', 'UserSpec', 'UserType', 'LaneGroupSpec', 'OnFailure', 'UserOnFailure'] },
  {
    title: 'Tasks',
    names: ['task', 'TaskOptions', 'TaskFunction', 'Tasks', 'TaskEntry', 'inOrder', 'GroupOptions'].concat([
      'anyOf',
      'ChoiceOptions',
      'TaskGroup',
    ]),
  },
  {
    title: 'In a task: the context',
    names: ['BaseContext', 'UserContext', 'BackgroundContext', 'RequestName', 'CustomSample'],
  },
  {
    title: 'Load',
    names: ['ramp', 'startWith', 'arrivals', 'iterations', 'inTurn', 'UserLoad', 'RateLoad', 'FixedLoad']
      .concat(['InTurn', 'StagedLoad', 'LoadRamp', 'LoadSteps', 'LoadSpike', 'LoadRate', 'RateRamp'])
      .concat(['CountOver', 'RandomOptions', 'ArrivalOptions', 'IterationOptions', 'SharedIterations'])
      .concat(['IterationsPerUser', 'ScenarioLoad', 'Load', 'LoadByUser', 'Phase']),
  },
  {
    title: 'Wait times',
    names: ['constant', 'between', 'pacing', 'throughput', 'PacingOptions', 'WaitTime', 'Millis'],
  },
  {
    title: 'HTTP',
    names: ['HttpSettings', 'HttpClient', 'RequestOptions', 'HttpResponse', 'EventOptions', 'EventStream']
      .concat(['ServerEvent', 'Credentials', 'DefaultHeaders', 'Cookies', 'ResponseHeaders', 'TlsOptions'])
      .concat(['TlsVersion', 'DnsSettings', 'VersionChoice', 'ResponseBody', 'Fields', 'FieldValue'])
      .concat(['MultipartValue', 'MultipartFile', 'StreamedBody', 'Expectation', 'Verdict', 'Phases'])
      .concat(['OpenedConnection', 'TlsHandshake']),
  },
  {
    title: 'WebSocket',
    names: [
      'WsClient',
      'ConnectOptions',
      'WsConnection',
      'WaitOptions',
      'MessageTest',
      'WsData',
      'WsAnswer',
    ].concat(['WsMessage']),
  },
  {
    title: 'gRPC',
    names: ['grpc', 'LoadSchemaOptions', 'GrpcSource', 'ServiceOptions', 'GrpcService', 'CallOptions']
      .concat(['GrpcReply', 'StreamOptions', 'GrpcStream', 'GrpcDuplex', 'BatchOptions', 'EncodedMessage'])
      .concat(['GrpcErrorDetail', 'GrpcEnding', 'HealthReply', 'MetadataFields', 'GrpcTypes']),
  },
  { title: 'Metrics', names: ['counter', 'Counter', 'gauge', 'Gauge', 'rate', 'Rate', 'trend', 'Trend'] },
  {
    title: 'Test data',
    names: ['data', 'DataSources', 'DataOptions', 'TextOptions', 'CsvOptions', 'DataTable', 'RowOptions']
      .concat(['RowBinding', 'OnceOptions', 'OnceTable', 'BorrowOptions', 'BorrowTable', 'MakeRows'])
      .concat(['DataFile', 'RowOf', 'RowsOf', 'DataBindings']),
  },
  { title: 'Parameters', names: ['param', 'ParamOptions', 'ParamValue', 'ParamAbsence'] },
  { title: 'Secrets', names: ['secrets'] },
  { title: 'Setup', names: ['setup', 'Setup'] },
  {
    title: 'Hooks',
    names: ['MasterHooks', 'MasterHookContext', 'RunStopContext', 'IntervalContext'].concat([
      'WorkerHooks',
      'WorkerHookContext',
      'LaneIntervalContext',
    ]),
  },
];

/** Members that are not for scenarios, by type; `*` hides all. */
export const HIDDEN: Readonly<Record<string, readonly string[]>> = {
  Scenario: ['*'],
  UserType: ['*'],
  TaskEntry: ['*'],
  TaskGroup: ['*'],
  UserLoad: ['kind', 'workload', 'afterMs'],
  RateLoad: ['kind', 'workload', 'afterMs'],
  FixedLoad: ['kind', 'workload', 'afterMs'],
  ReplayLoad: ['kind', 'workload', 'afterMs'],
  InTurn: ['kind', 'phases', 'afterMs', 'users'],
  Setup: ['kind', 'run'],
  DataTable: ['kind', 'declared'],
  OnceTable: ['kind', 'use', 'declared', 'row'],
  BorrowTable: ['kind', 'use', 'declared', 'row'],
  RowBinding: ['*'],
  StatusCode: ['*'],
  HttpClient: ['interrupt', 'close'],
  WsClient: ['interrupt', 'close'],
  HttpResponse: ['[inspect.custom]', 'toJSON'],
  Cookies: ['[inspect.custom]'],
  DefaultHeaders: ['[inspect.custom]'],
  ResponseHeaders: ['[inspect.custom]'],
};

/** How a type's members are written in a scenario. */
export const RECEIVERS: Readonly<Record<string, string>> = {
  HttpClient: 'http',
  HttpResponse: 'response',
  EventStream: 'events',
  DefaultHeaders: 'http.headers',
  Cookies: 'http.cookies',
  ResponseHeaders: 'response.headers',
  WsClient: 'ws',
  WsConnection: 'connection',
  GrpcService: 'service',
  GrpcStream: 'stream',
  GrpcDuplex: 'duplex',
  GrpcSource: 'source',
  DataSources: 'data',
  Counter: 'counter',
  Gauge: 'gauge',
  Rate: 'rate',
  Trend: 'trend',
  StagedLoad: 'load',
  RateLoad: 'load',
  FixedLoad: 'load',
  InTurn: 'load',
  WaitTime: 'wait',
  grpc: 'grpc',
};
