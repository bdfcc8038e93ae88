import { createHash, createHmac } from 'node:crypto';

import { SignatureV4 } from '@smithy/signature-v4';

import { awsCredentials, optional, required } from './config.ts';
import { SECOND } from './clock.ts';

type Service = 'ssm' | 'kms' | 's3' | 'sqs' | 'lambda';
const ENDPOINTS = {
  ssm: 'AWS_ENDPOINT_URL_SSM',
  kms: 'AWS_ENDPOINT_URL_KMS',
  s3: 'AWS_ENDPOINT_URL_S3',
  sqs: 'AWS_ENDPOINT_URL_SQS',
  lambda: 'AWS_ENDPOINT_URL_LAMBDA',
} as const satisfies Record<Service, string>;

/**
 * One call of a service with the JSON protocol 1.1: its SDK client would add 300 KiB to every bundle.
 * @param purpose for the error, such as `reading secrets`
 */
export async function callAws(
  service: 'ssm' | 'kms',
  target: string,
  input: object,
  purpose: string,
): Promise<unknown> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
  const response = await sendSigned(service, {
    method: 'POST',
    path: '/',
    headers,
    body: JSON.stringify(input),
  });
  if (!response.ok) {
    throw new Error(`${purpose} failed: ${service.toUpperCase()} answered ${response.status}`);
  }
  return response.json();
}

/** Sends one request with the function's own credentials (Signature Version 4). */
export async function sendSigned(
  service: Service,
  request: {
    method: 'POST' | 'PUT';
    path: string;
    headers: Record<string, string>;
    body: string;
    timeoutMs?: number;
  },
): Promise<Response> {
  const { method, path, headers, body, timeoutMs = 5 * SECOND } = request;
  const region = required('AWS_REGION');
  const own = optional(ENDPOINTS[service]) ?? optional('AWS_ENDPOINT_URL');
  const endpoint = new URL(own ?? `https://${service}.${region}.amazonaws.com`);
  const signer = new SignatureV4({
    service,
    region,
    credentials: awsCredentials(),
    sha256: NodeSha256,
    // S3 alone takes paths as they are.
    uriEscapePath: service !== 's3',
  });
  const signed = await signer.sign({
    method,
    protocol: endpoint.protocol,
    hostname: endpoint.hostname,
    ...(endpoint.port ? { port: Number(endpoint.port) } : {}),
    path,
    query: {},
    headers: { host: endpoint.host, ...headers },
    body,
  });
  return fetch(new URL(path, endpoint), {
    method,
    headers: signed.headers,
    body,
    signal: AbortSignal.timeout(timeoutMs),
  });
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
