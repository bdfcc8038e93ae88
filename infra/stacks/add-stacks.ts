import { CliCredentialsStackSynthesizer, DefaultStackSynthesizer, Tags } from 'aws-cdk-lib';
import type { App, StackProps } from 'aws-cdk-lib';

import { readDeployment } from '../constructs/deployment.ts';
import { DataStack } from './data-stack.ts';
import { MailStack } from './mail-stack.ts';
import { SiteStack } from './site-stack.ts';
import { WorkerStack } from './worker-stack.ts';

/** The system as four stacks: what must last, what mails, what people see, what works behind it. */
export function addStacks(app: App): void {
  const deployment = readDeployment(app.node);
  const props = (name: string): StackProps => ({
    stackName: `assent-${deployment.stage}-${name}`,
    env: { region: deployment.region },
    ...(deployment.local ? { synthesizer: new CallerCredentials() } : {}),
  });
  const data = new DataStack(app, 'Data', deployment, props('data'));
  const mail = new MailStack(app, 'Mail', { deployment, alarms: data.alarms }, props('mail'));
  const site = new SiteStack(app, 'Site', { deployment, data }, props('site'));
  new WorkerStack(app, 'Worker', { deployment, data, mail, baseUrl: site.baseUrl }, props('worker'));
  Tags.of(app).add('assent:stage', deployment.stage);
}

/**
 * Deploys with the caller's own rights instead of the roles of `cdk bootstrap`. The base class declares these three
 * wider than the interface it serves; nothing here looks anything up or crosses accounts, so they are never read.
 */
class CallerCredentials extends CliCredentialsStackSynthesizer {
  override get bootstrapQualifier(): string {
    return DefaultStackSynthesizer.DEFAULT_QUALIFIER;
  }

  override get lookupRole(): string {
    return '';
  }

  override get cloudFormationExecutionRole(): string {
    return '';
  }
}
