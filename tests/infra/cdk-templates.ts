import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { expect } from 'vitest';
import * as z from 'zod';

import { addStacks } from '../../infra/stacks/add-stacks.ts';

const template = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), z.json()).default({}),
      DependsOn: z.array(z.string()).default([]),
      DeletionPolicy: z.string().optional(),
      UpdateReplacePolicy: z.string().optional(),
    }),
  ),
});
const report = z.object({
  pluginReports: z.array(
    z.object({
      pluginName: z.string(),
      violations: z.array(
        z.object({
          ruleName: z.string(),
          violatingConstructs: z.array(z.object({ constructPath: z.string() })),
        }),
      ),
    }),
  ),
});
const cdkJson = z.object({ context: z.record(z.string(), z.json()) });

export type Resource = z.infer<typeof template>['Resources'][string] & { stack: string; id: string };
const STACKS = ['Data', 'Mail', 'Site', 'Worker'] as const;

/** An app as the command line makes it: context of cdk.json and what the operator says. */
export function newApp(said: Record<string, string>, outdir?: string): App {
  const { context } = cdkJson.parse(readJson('cdk.json'));
  return new App({ context: { ...context, ...said }, ...(outdir ? { outdir } : {}) });
}

export type Synthesized = {
  resources: Resource[];
  /** What cdk-nag found and nobody acknowledged. */
  findings: string[];
  ofType: (type: string) => Resource[];
  /** The one resource of a type whose properties hold all that is expected; fails the test otherwise. */
  one: (type: string, properties: object) => Resource;
  /** The one resource of a type with this id of ours. */
  withId: (type: string, id: string) => Resource;
  functionNamed: (name: string) => Resource;
};

/** Synthesizes the app offline, on request with every check of cdk-nag; the functions are not bundled. */
export function synthesize(said: Record<string, string>, { nag }: { nag: boolean }): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), 'assent-cdk-'));
  const app = newApp(said, outdir);
  app.node.setContext('aws:cdk:bundling-stacks', []);
  addStacks(app);
  if (nag) Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  const findings = findingsOf(app, outdir);
  const resources = STACKS.flatMap((stack) => {
    const { Resources } = template.parse(readJson(join(outdir, `${stack}.template.json`)));
    return Object.entries(Resources).map(([id, resource]) => ({ ...resource, stack, id }));
  });
  rmSync(outdir, { recursive: true });
  const ofType = (type: string) => resources.filter(({ Type }) => Type === type);
  const only = (found: Resource[], what: string) => {
    const [first] = found;
    if (!first || found.length > 1) throw new Error(`${found.length} resources are ${what}`);
    return first;
  };
  const one = (type: string, properties: object) => {
    const found = ofType(type).filter(({ Properties }) => holds(Properties, properties));
    return only(found, `${type} ${JSON.stringify(properties)}`);
  };
  const withId = (type: string, id: string) => {
    // CDK adds eight hexadecimal digits.
    const found = ofType(type).filter((resource) => resource.id.slice(0, -8) === id);
    return only(found, `${type} ${id}`);
  };
  const functionNamed = (name: string) =>
    one('AWS::Lambda::Function', { FunctionName: `assent-dev-${name}` });
  return { resources, findings, ofType, one, withId, functionNamed };
}

function findingsOf(app: App, outdir: string): string[] {
  let problem: Error | undefined;
  try {
    app.synth();
  } catch (error) {
    problem = error instanceof Error ? error : new Error(String(error));
  }
  const findings = report
    .parse(readJson(join(outdir, 'validation-report.json')))
    .pluginReports.flatMap(({ violations }) => violations)
    .flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
  if (problem && findings.length === 0) throw problem;
  return findings;
}

function holds(actual: object, expected: object): boolean {
  try {
    expect(actual).toMatchObject(expected);
    return true;
  } catch {
    return false;
  }
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
