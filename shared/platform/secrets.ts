import { readFile } from 'node:fs/promises';

import * as z from 'zod';

import { optional, required } from './config.ts';
import { MINUTE, nowMs } from './clock.ts';
import { callAws } from './signed-request.ts';
import type { LinkKeys } from './token.ts';

const key = z.string().regex(/^[A-Za-z0-9_-]{43}$/, '32 bytes as base64url');
const secretsSchema = z.object({
  /** Keys the address HMAC; never rotates (D5). */
  pepper: key.optional(),
  'link-keys': z.object({ current: z.string().regex(/^k\d+$/), keys: z.record(z.string(), key) }).optional(),
  /** Derives the key of each contact's sealed evidence (H7). */
  'evidence-master': key.optional(),
  /** Derives the secrets that other systems sign their webhooks with (W1). */
  'webhook-master': key.optional(),
});
export type SecretName = keyof z.infer<typeof secretsSchema>;
export const SECRET_NAMES = Object.keys(secretsSchema.shape) as SecretName[];

export type Secrets = {
  pepper(): Promise<string>;
  linkKeys(): Promise<LinkKeys>;
  evidenceMaster(): Promise<string>;
  webhookMaster(): Promise<string>;
};

/** The SSM parameter that holds a secret: explicit, so that a role can name it. */
export function parameterName(stage: string, secret: SecretName): string {
  return `/assent/${stage}/${secret}`;
}

/** The secrets granted to this function: fetched on first use by one call and kept for five minutes. */
export function openSecrets(): Secrets {
  let cached: { until: number; values: Promise<z.infer<typeof secretsSchema>> } | undefined;
  const load = () => {
    if (!cached || cached.until < nowMs()) {
      const file = optional('ASSENT_SECRETS_FILE');
      const values = file ? readSecretsFile(file) : fetchParameters();
      cached = { until: nowMs() + 5 * MINUTE, values };
      values.catch(() => (cached = undefined));
    }
    return cached.values;
  };
  const one = async <N extends SecretName>(name: N) => {
    const value = (await load())[name];
    if (value === undefined) throw new Error(`this function has no access to the secret ${name}`);
    return value;
  };
  return {
    pepper: () => one('pepper'),
    linkKeys: () => one('link-keys'),
    evidenceMaster: () => one('evidence-master'),
    webhookMaster: () => one('webhook-master'),
  };
}

async function readSecretsFile(path: string) {
  return secretsSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}

/** One call for all of them. */
async function fetchParameters() {
  const names = required('ASSENT_SECRETS').split(',') as SecretName[];
  const stage = required('ASSENT_STAGE');
  const input = { Names: names.map((name) => parameterName(stage, name)), WithDecryption: true };
  const answer = await callAws('ssm', 'AmazonSSM.GetParameters', input, 'reading secrets');
  const { Parameters } = parametersAnswer.parse(answer);
  const found = new Map(Parameters.map((parameter) => [parameter.Name, parameter.Value]));
  const entries = names.map((name) => [name, parseSecret(name, found.get(parameterName(stage, name)))]);
  return secretsSchema.parse(Object.fromEntries(entries));
}

const parametersAnswer = z.object({ Parameters: z.array(z.object({ Name: z.string(), Value: z.string() })) });

function parseSecret(name: SecretName, value: string | undefined): unknown {
  return name === 'link-keys' && value !== undefined ? JSON.parse(value) : value;
}
