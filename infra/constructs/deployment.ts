import type { Node } from 'constructs';
import * as z from 'zod';

/** What an operator says with `-c name=value`; everything else is the same in every account. */
const context = z
  .object({
    stage: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,15}$/, 'lower-case letters, digits and hyphens, at most 16')
      .default('dev'),
    region: z.string().default('eu-central-1'),
    /** Public origin of all pages and links; the API's own endpoint where none is said. */
    baseUrl: z.url({ protocol: /^https$/ }).optional(),
    /** Domain that sends mail … */
    domain: z.string().optional(),
    /** … or one address, for a first try without access to DNS. */
    sender: z.email().optional(),
    /** Where alarms go. */
    alarmEmail: z.email().optional(),
    /** `1`: deploy with the caller's own credentials, without the roles of `cdk bootstrap` (emulator). */
    local: z.stringbool().default(false),
  })
  .refine(({ domain, sender }) => (domain === undefined) !== (sender === undefined), {
    message: 'say what sends mail: -c domain=example.com or -c sender=news@example.com',
  });

export type Deployment = z.infer<typeof context>;
const NAMES = ['stage', 'region', 'baseUrl', 'domain', 'sender', 'alarmEmail', 'local'] as const;

/** Reads and checks the context. Throws one readable line per thing that is wrong. */
export function readDeployment(node: Node): Deployment {
  const given = Object.fromEntries(NAMES.map((name) => [name, asText(node.tryGetContext(name))]));
  const parsed = context.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Error(`The deployment is not described well enough.\n${z.prettifyError(parsed.error)}`);
}

/** Context from the command line is text, from cdk.json it may be a number or a truth value. */
function asText(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
