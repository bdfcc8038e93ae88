import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnStage,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

import { addAlarm } from '../constructs/alarm.ts';
import { AssentFunction } from '../constructs/assent-function.ts';
import type { Deployment } from '../constructs/deployment.ts';
import { logGroup } from '../constructs/log-group.ts';
import { acknowledge } from '../constructs/nag-reasons.ts';
import { ROUTES } from '../triggers.ts';
import type { DataStack } from './data-stack.ts';

/** The route, never the path, and neither query string nor client address: links hold tokens (T3). */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  at: '$context.requestTime',
  routeKey: '$context.routeKey',
  method: '$context.httpMethod',
  protocol: '$context.protocol',
  status: '$context.status',
  responseLength: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  integrationStatus: '$context.integrationStatus',
  error: '$context.error.responseType',
};

/** Everything that speaks HTTP. CORS, HEAD, OPTIONS, 404 and 405 are the functions' own, as on one machine. */
export class SiteStack extends Stack {
  /** Public origin of pages and links. */
  readonly baseUrl: string;

  constructor(
    scope: Construct,
    id: string,
    { deployment, data }: { deployment: Deployment; data: DataStack },
    props: StackProps,
  ) {
    super(scope, id, props);
    const api = new HttpApi(this, 'Api', {
      apiName: `assent-${deployment.stage}`,
      createDefaultStage: false,
    });
    this.baseUrl = deployment.baseUrl ?? api.apiEndpoint;
    const around = {
      stage: deployment.stage,
      tables: data.tables,
      evidence: data.evidence,
      alarms: data.alarms,
      baseUrl: this.baseUrl,
    };
    const integrations = new Map(
      [...new Set(ROUTES.map((route) => route.function))].map((name) => [
        name,
        new HttpLambdaIntegration(`${name}-integration`, new AssentFunction(this, name, around)),
      ]),
    );
    const routes = ROUTES.map(({ path, function: name }) => {
      const integration = integrations.get(name);
      if (!integration) throw new Error(`no integration for ${name}`);
      const routeKey = path === '$default' ? HttpRouteKey.DEFAULT : HttpRouteKey.with(path, HttpMethod.ANY);
      const route = new HttpRoute(this, `Route ${path}`, { httpApi: api, routeKey, integration });
      acknowledge(route, 'AwsSolutions-APIG4');
      return route;
    });
    const stage = this.#stage(api, deployment.stage);
    // API Gateway refuses the settings of a route that does not exist yet.
    stage.node.addDependency(...routes);
    this.#alarms(stage, data.alarms);
    new CfnOutput(this, 'ApiId', { value: api.apiId });
    new CfnOutput(this, 'BaseUrl', { value: this.baseUrl });
  }

  #stage(api: HttpApi, stageName: string): HttpStage {
    const fallback = ROUTES.find(({ path }) => path === '$default') ?? ROUTES[0];
    const stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: fallback.ratePerSecond, burstLimit: fallback.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup(this, 'AccessLog', `/assent/${stageName}/access`)),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    const throttles = ROUTES.map(({ path, ratePerSecond, burst }) => [
      path === '$default' ? path : `ANY ${path}`,
      { ThrottlingRateLimit: ratePerSecond, ThrottlingBurstLimit: burst },
    ]);
    if (stage.node.defaultChild instanceof CfnStage) {
      stage.node.defaultChild.routeSettings = Object.fromEntries(throttles);
    }
    return stage;
  }

  #alarms(stage: HttpStage, alarms: ITopic): void {
    addAlarm(this, 'ServerErrors', alarms, {
      seen: 'Pages answered with 5xx.',
      errorImpact: 'Visitors see an error page instead of signing up, confirming or unsubscribing.',
      metric: stage.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 5,
    });
  }
}
