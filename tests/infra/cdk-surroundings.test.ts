import { globSync, readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { readDeployment } from '../../infra/constructs/deployment.ts';
import { EVENT_ALARMS } from '../../infra/constructs/event-alarms.ts';
import { FUNCTIONS } from '../../infra/functions.ts';
import { ROUTES, SCHEDULES, SES_QUEUE, STREAMS } from '../../infra/triggers.ts';
import { FUNCTION_NAMES } from './cdk-grants.ts';
import { newApp, synthesize } from './cdk-templates.ts';

const app = synthesize({ domain: 'nordlicht.example' }, { nag: false });

describe('HTTP', () => {
  test('every path of ROUTES is one ANY route to its function, and there are no others', () => {
    const routes = app.ofType('AWS::ApiGatewayV2::Route').map(({ Properties }) => {
      const integration = app.resources.find(({ id }) =>
        JSON.stringify(Properties.Target).includes(`"${id}"`),
      );
      const target = JSON.stringify(integration?.Properties.IntegrationUri);
      return {
        key: Properties.RouteKey,
        function: FUNCTION_NAMES.find((name) => target.includes(app.functionNamed(name).id)),
      };
    });
    expect(routes).toEqual(
      ROUTES.map(({ path, function: name }) => ({
        key: path === '$default' ? path : `ANY ${path}`,
        function: name,
      })),
    );
  });

  test('every route has its own throttle, and exists before the stage that names it', () => {
    const stage = app.one('AWS::ApiGatewayV2::Stage', { StageName: '$default' });
    const expected = ROUTES.map(({ path, ratePerSecond, burst }) => [
      path === '$default' ? path : `ANY ${path}`,
      { ThrottlingRateLimit: ratePerSecond, ThrottlingBurstLimit: burst },
    ]);
    expect(stage.Properties.RouteSettings).toEqual(Object.fromEntries(expected));
    for (const { id } of app.ofType('AWS::ApiGatewayV2::Route')) expect(stage.DependsOn).toContain(id);
  });

  test('T3 the access log names the route, and no path, query string, address or header', () => {
    const { AccessLogSettings } = app.one('AWS::ApiGatewayV2::Stage', {}).Properties;
    const variables = JSON.stringify(AccessLogSettings).match(/\$context\.[\w.]+/g) ?? [];
    expect(variables).toContain('$context.routeKey');
    for (const variable of variables) {
      expect(variable).not.toMatch(
        /path|query|sourceIp|identity|domain|userAgent|header|integrationErrorMessage/i,
      );
    }
  });

  test('T10 origins are the functions’ matter: the API itself answers no CORS', () => {
    expect(app.one('AWS::ApiGatewayV2::Api', {}).Properties).not.toHaveProperty('CorsConfiguration');
  });
});

describe('mail', () => {
  test('V6 news of every configuration set goes through SNS and a queue to ses-events, in batches that fail in part', () => {
    const topic = app.withId('AWS::SNS::Topic', 'SesNews');
    const queue = app.withId('AWS::SQS::Queue', 'SesEvents');
    const destinations = app.ofType('AWS::SES::ConfigurationSetEventDestination');
    expect(destinations).toHaveLength(3);
    for (const { Properties } of destinations) {
      expect(Properties.EventDestination).toMatchObject({
        Enabled: true,
        SnsDestination: { TopicARN: { Ref: topic.id } },
      });
    }
    app.one('AWS::SNS::Subscription', {
      Protocol: 'sqs',
      TopicArn: { Ref: topic.id },
      Endpoint: { 'Fn::GetAtt': [queue.id, 'Arn'] },
    });
    expect(queue.Properties).toMatchObject({
      VisibilityTimeout: SES_QUEUE.visibilitySeconds,
      RedrivePolicy: { maxReceiveCount: SES_QUEUE.maximumReceives },
    });
    app.one('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: app.functionNamed(SES_QUEUE.function).id },
      BatchSize: SES_QUEUE.batchSize,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(SES_QUEUE.visibilitySeconds).toBeGreaterThanOrEqual(
      6 * FUNCTIONS[SES_QUEUE.function].timeoutSeconds,
    );
  });

  test('G12 no set but that for people who allow it asks for opens or clicks', () => {
    const asking = app
      .ofType('AWS::SES::ConfigurationSetEventDestination')
      .filter(({ Properties }) => /"(open|click)"/.test(JSON.stringify(Properties).toLowerCase()))
      .map(({ Properties }) => Properties.ConfigurationSetName);
    const { id } = app.one('AWS::SES::ConfigurationSet', { Name: 'assent-dev-tracked' });
    expect(asking).toEqual([{ Ref: id }]);
  });

  test.each([
    { set: 'assent-dev-service', reasons: ['COMPLAINT'] },
    { set: 'assent-dev-marketing', reasons: ['BOUNCE', 'COMPLAINT'] },
    { set: 'assent-dev-tracked', reasons: ['BOUNCE', 'COMPLAINT'] },
  ])('V8 SES holds back mail of $set after $reasons', ({ set, reasons }) => {
    const { Properties } = app.one('AWS::SES::ConfigurationSet', { Name: set });
    expect(Properties.SuppressionOptions).toEqual({ SuppressedReasons: reasons });
  });
});

describe('queues, topics, alarms, schedules', () => {
  test('every queue has a failure queue or is one, and keeps messages for 14 days', () => {
    const queues = app.ofType('AWS::SQS::Queue');
    const references = JSON.stringify(
      app.resources.flatMap(({ Properties }) => [
        Properties.DestinationConfig,
        Properties.RedrivePolicy,
        Properties.Targets,
      ]),
    );
    for (const { id, Properties } of queues) {
      expect(Properties.MessageRetentionPeriod).toBe(14 * 86_400);
      expect(Properties.RedrivePolicy ? id : references).toContain(id);
    }
    expect(queues.length).toBeGreaterThanOrEqual(new Set(STREAMS.map((stream) => stream.function)).size + 2);
  });

  test('every queue and topic refuses calls without TLS', () => {
    for (const type of ['Queue', 'Topic']) {
      const service = type === 'Queue' ? 'SQS' : 'SNS';
      const policies = JSON.stringify(app.ofType(`AWS::${service}::${type}Policy`));
      for (const { id } of app.ofType(`AWS::${service}::${type}`))
        expect(policies).toContain(`{"Ref":"${id}"}`);
      for (const { Properties } of app.ofType(`AWS::${service}::${type}Policy`)) {
        expect(JSON.stringify(Properties)).toContain('"aws:SecureTransport":"false"');
      }
    }
  });

  test('every alarm says what it means for people, and is sent to somebody', () => {
    const alarms = app.ofType('AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThan(2 * FUNCTION_NAMES.length);
    for (const { Properties } of alarms) {
      expect(Properties.AlarmDescription).toMatch(/^\S.*\nImpact: \S/);
      expect(JSON.stringify(Properties.AlarmActions)).toContain('Alarms');
    }
  });

  test.each(FUNCTION_NAMES)('failing, %s rings with the impact that FUNCTIONS states', (name) => {
    const rings = app
      .ofType('AWS::CloudWatch::Alarm')
      .filter(
        ({ Properties }) =>
          Properties.MetricName === 'Errors' &&
          JSON.stringify(Properties.Dimensions).includes(app.functionNamed(name).id),
      );
    expect(rings).toHaveLength(1);
    expect(rings[0]?.Properties.AlarmDescription).toContain(FUNCTIONS[name].errorImpact);
  });

  test('every log event that rings is really written', () => {
    const sources = globSync('{shared,web,functions}/**/*.{ts,tsx}')
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    for (const { event } of EVENT_ALARMS)
      expect(sources).toMatch(new RegExp(`(log|metric)\\([^)]*'${event}'`));
  });

  test('H3 a night without a signed root rings within the next day, whatever the reason', () => {
    const { Properties } = app.one('AWS::CloudWatch::Alarm', { MetricName: 'root-signed' });
    expect(Properties).toMatchObject({
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      Period: 6 * 3600,
      EvaluationPeriods: 5,
      TreatMissingData: 'breaching',
    });
    app.one('AWS::Logs::MetricFilter', { FilterPattern: '{ $.event = "root-signed" }' });
  });

  test.each(SCHEDULES)(
    '$function runs every $everyMinutes minutes; a run that failed is repeated $retries times',
    ({ function: name, everyMinutes, retries, patienceMinutes }) => {
      const { id } = app.functionNamed(name);
      const rule = app
        .ofType('AWS::Events::Rule')
        .find(({ Properties }) => JSON.stringify(Properties.Targets).includes(id));
      const again = { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: patienceMinutes * 60 };
      expect(rule?.Properties).toMatchObject({
        ScheduleExpression: everyMinutes === 1 ? 'rate(1 minute)' : 'rate(1 day)',
        State: 'ENABLED',
        Targets: [{ RetryPolicy: again }],
      });
      app.one('AWS::Lambda::EventInvokeConfig', { FunctionName: { Ref: id }, ...again });
    },
  );

  test('H3 the nightly is repeated for hours, and does not come too late to ring before the next day ends', () => {
    const nightly = SCHEDULES.find((schedule) => schedule.function === 'nightly');
    expect(nightly).toMatchObject({ retries: 2, patienceMinutes: 360, silence: { minutes: 360, times: 5 } });
  });

  test.each(SCHEDULES)(
    '$function rings where it has not run for $silence.times × $silence.minutes minutes',
    ({ function: name, silence, everyMinutes }) => {
      const { Properties } = app.withId('AWS::CloudWatch::Alarm', `${name}stopped`);
      expect(Properties).toMatchObject({
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 1,
        EvaluationPeriods: silence.times,
        TreatMissingData: 'breaching',
      });
      expect(Properties).toMatchObject({ MetricName: 'Invocations', Period: silence.minutes * 60 });
      // Longer than from one run to the next, and within what CloudWatch can look at.
      const watched = silence.minutes * silence.times;
      expect(watched).toBeGreaterThan(everyMinutes);
      expect(watched).toBeLessThanOrEqual((silence.minutes < 60 ? 1 : 7) * 24 * 60);
    },
  );
});

describe('what an operator says', () => {
  const read = (said: Record<string, string>) => readDeployment(newApp(said).node);

  test('a domain is enough', () => {
    expect(read({ domain: 'nordlicht.example' })).toMatchObject({
      stage: 'dev',
      region: 'eu-central-1',
      local: false,
    });
  });

  test.each([
    { said: {}, problem: /domain=/ },
    { said: { domain: 'a.example', sender: 'news@a.example' }, problem: /domain=/ },
    { said: { domain: 'a.example', stage: 'Dev 1' }, problem: /stage/ },
    { said: { domain: 'a.example', baseUrl: 'http://a.example' }, problem: /baseUrl/ },
    { said: { domain: 'a.example', alarmEmail: 'nobody' }, problem: /alarmEmail/ },
  ])('$said is refused, naming $problem', ({ said, problem }) => {
    expect(() => read(said)).toThrow(problem);
  });
});
