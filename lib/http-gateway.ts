import { Duration, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { type HttpFunction, type Method, type Route, routes } from '../functions/routes.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import type { DeploymentSettings } from './deployment-settings.ts';
import type { ServiceFunction } from './service-function.ts';
import { serviceLogGroup } from './service-log-group.ts';

const METHODS: Record<Method, HttpMethod> = {
  GET: HttpMethod.GET,
  POST: HttpMethod.POST,
  PUT: HttpMethod.PUT,
  PATCH: HttpMethod.PATCH,
  DELETE: HttpMethod.DELETE,
  ANY: HttpMethod.ANY,
};

/**
 * One line a request. The route and not the path, and no query: those can hold a page's ticket, an e-mail address or
 * a signature.
 */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  latency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
};

/** Requests a second, and how many at once beyond that; the rest are told 429 and come again. */
const THROTTLE = { rateLimit: 500, burstLimit: 1000 };
/** What people wait for has room of its own, and more of it: an import that uses up the accounting system's can't starve the card. */
const THROTTLE_OF_PEOPLE = { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 2000 };
const FOR_PEOPLE = /^\/(?:hubspot|pages)\//;

export interface HttpGatewayProps {
  settings: DeploymentSettings;
  alarms: AlarmTopic;
}

/**
 * The HTTP API, with the `$default` stage: a REST API, or a stage's name in the path, would change the URL that
 * HubSpot's signatures cover.
 */
export class HttpGateway extends Construct {
  readonly api: HttpApi;
  /** Where callers find it: the configured address, or else the API's own. No slash at the end. */
  readonly publicBaseUrl: string;
  readonly #stage: HttpStage;

  constructor(scope: Construct, id: string, { settings, alarms }: HttpGatewayProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: settings.prefix,
      description: "Ledgerbridge: HubSpot's requests and the accounting system's",
      createDefaultStage: false,
    });
    this.publicBaseUrl = settings.publicBaseUrl ?? this.api.apiEndpoint;

    this.#stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(serviceLogGroup(this, 'AccessLogs', settings)),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    Validations.of(this.api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'Each function checks its own callers: HubSpot signatures cover the body, which an authorizer never sees, and bearer tokens are checked against Secrets Manager in the function that answers.',
    });
    alarms.on(this, 'ServerErrors', {
      metric: this.api.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' }),
      description: 'The API answered with 5xx',
    });
  }

  /** Gives every route of the table to its function: one integration and one permission a function. */
  connect(functions: Record<HttpFunction, ServiceFunction>): void {
    for (const [name, target] of Object.entries(functions)) {
      const integration = new HttpLambdaIntegration(target.node.id, target, {
        // A permission a route would outgrow the function's resource policy.
        scopePermissionToRoute: false,
      });
      const ofFunction = (routes as readonly Route[]).filter((route) => route.function === name);
      for (const { path, method } of ofFunction) {
        const added = this.api.addRoutes({ path, methods: [METHODS[method]], integration });
        if (FOR_PEOPLE.test(path)) {
          (this.#stage.node.defaultChild as CfnStage).addPropertyOverride(
            `RouteSettings.${method} ${path.replaceAll('.', '\\.')}`,
            THROTTLE_OF_PEOPLE,
          );
          // A stage may only name routes that are there.
          this.#stage.node.addDependency(...added);
        }
      }
    }
  }
}
