import { App, type AppProps, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { DataStack } from './data-stack.ts';
import { readDeploymentSettings } from './deployment-settings.ts';
import { ServiceStack } from './service-stack.ts';

/** The CDK app and its two stacks: what must never be lost, and what can be deployed again at any time. */
export interface Ledgerbridge {
  app: App;
  data: DataStack;
  service: ServiceStack;
}

/**
 * Builds the whole deployment. The stacks are bound to no account or region: they go wherever the credentials of
 * `cdk deploy` lead.
 *
 * @throws Error that names a context value which makes no sense
 */
export function createLedgerbridge(props?: AppProps): Ledgerbridge {
  const app = new App(props);
  const settings = readDeploymentSettings(app.node);
  const data = new DataStack(app, `${settings.prefix}Data`, settings);
  const service = new ServiceStack(app, `${settings.prefix}Service`, { settings, data });
  Tags.of(app).add('application', 'ledgerbridge', {
    // cfn-lint's schema of a dashboard has no tags.
    excludeResourceTypes: ['AWS::CloudWatch::Dashboard'],
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { app, data, service };
}
