import { readFile } from 'node:fs/promises';
import { createHash, createHmac } from 'node:crypto';

import { SignatureV4 } from '@smithy/signature-v4';
import * as z from 'zod';

import { awsCredentials, optional, required } from './config.ts';
import { MINUTE, SECOND, nowMs } from './clock.ts';
import type { LinkKeys } from './token.ts';

const key = z.string().regex(/^[A-Za-z0-9_-]{43}$/, '32 bytes as base64url');
const secretsSchema = z.object({
  /** Keys the address HMAC; never rotates (D5). */
  pepper: key.optional(),
  'link-keys': z.object({ current: z.string().regex(/^k\d+$/), keys: z.record(z.string(), key) }).optional(),
  /** Derives the key of each contact's sealed evidence (H7). */
  'evidence-master': key.optional(),
});
export type SecretName = keyof z.infer<typeof secretsSchema>;
export const SECRET_NAMES = Object.keys(secretsSchema.shape) as SecretName[];

export type Secrets = {
  pepper(): Promise<string>;
  linkKeys(): Promise<LinkKeys>;
  evidenceMaster(): Promise<string>;
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
  };
}

async function readSecretsFile(path: string) {
  return secretsSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}

/** One signed `GetParameters` call: the SSM client would add 300 KiB to every bundle. */
async function fetchParameters() {
  const region = required('AWS_REGION');
  const endpoint = new URL(
    optional('AWS_ENDPOINT_URL_SSM') ?? optional('AWS_ENDPOINT_URL') ?? `https://ssm.${region}.amazonaws.com`,
  );
  const names = required('ASSENT_SECRETS').split(',') as SecretName[];
  const stage = required('ASSENT_STAGE');
  const signer = new SignatureV4({
    service: 'ssm',
    region,
    credentials: awsCredentials(),
    sha256: NodeSha256,
  });
  const body = JSON.stringify({
    Names: names.map((name) => parameterName(stage, name)),
    WithDecryption: true,
  });
  const request = await signer.sign({
    method: 'POST',
    protocol: endpoint.protocol,
    hostname: endpoint.hostname,
    ...(endpoint.port ? { port: Number(endpoint.port) } : {}),
    path: '/',
    query: {},
    headers: {
      host: endpoint.host,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonSSM.GetParameters',
    },
    body,
  });
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: request.headers,
    body,
    signal: AbortSignal.timeout(5 * SECOND),
  });
  if (!response.ok) throw new Error(`reading secrets failed: SSM answered ${response.status}`);
  const { Parameters } = parametersAnswer.parse(await response.json());
  const found = new Map(Parameters.map((parameter) => [parameter.Name, parameter.Value]));
  const entries = names.map((name) => [name, parseSecret(name, found.get(parameterName(stage, name)))]);
  return secretsSchema.parse(Object.fromEntries(entries));
}

const parametersAnswer = z.object({ Parameters: z.array(z.object({ Name: z.string(), Value: z.string() })) });

function parseSecret(name: SecretName, value: string | undefined): unknown {
  return name === 'link-keys' && value !== undefined ? JSON.parse(value) : value;
}

/** SHA-256 and HMAC by Node, in the shape the signer asks for. */
class NodeSha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', toBytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(toBytes(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
}

function toBytes(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
}
