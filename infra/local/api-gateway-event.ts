import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import type { APIGatewayProxyEventV2 } from 'aws-lambda';

import { nowMs } from '../../shared/platform/clock.ts';
import type { Match } from './api-gateway-routes.ts';
import { ACCOUNT } from './environment.ts';

const API_ID = 'local';
const TEXT = /^(?:text\/|application\/(?:json|javascript|xml)\b)/i;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The event (payload format 2.0) that an HTTP API makes of a request. */
export function toEvent(
  request: IncomingMessage,
  match: Match,
  body: Buffer | undefined,
): APIGatewayProxyEventV2 {
  const target = request.url ?? '/';
  const cut = target.indexOf('?');
  const rawPath = cut === -1 ? target : target.slice(0, cut);
  const rawQueryString = cut === -1 ? '' : target.slice(cut + 1);
  const { cookies, headers } = splitHeaders(request);
  const domainName = (headers['host'] ?? 'localhost').replace(/:\d+$/, '');
  const timeEpoch = nowMs();
  return {
    version: '2.0',
    routeKey: match.routeKey,
    rawPath,
    rawQueryString,
    ...(cookies ? { cookies } : {}),
    headers,
    ...(rawQueryString ? { queryStringParameters: toParameters(rawQueryString) } : {}),
    ...(match.pathParameters ? { pathParameters: match.pathParameters } : {}),
    requestContext: {
      accountId: ACCOUNT,
      apiId: API_ID,
      domainName,
      domainPrefix: domainName.split('.')[0] ?? domainName,
      http: {
        method: request.method ?? 'GET',
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: clientAddress(request),
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: match.routeKey,
      stage: '$default',
      time: commonLogTime(timeEpoch),
      timeEpoch,
    },
    ...(body && body.length > 0 ? encode(body, headers['content-type']) : { isBase64Encoded: false }),
  };
}

/** Cookies stand in a list of their own, and in no header. */
function splitHeaders(request: IncomingMessage): { cookies?: string[]; headers: Record<string, string> } {
  const { cookie, ...rest } = request.headers;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return { headers, ...(cookie ? { cookies: cookie.split('; ') } : {}) };
}

/** Values of one name are joined by commas. */
function toParameters(query: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    parameters[name] = Object.hasOwn(parameters, name) ? `${parameters[name]},${value}` : value;
  }
  return parameters;
}

/** An HTTP API passes these types on as text and all others, form posts among them, in base64. */
function encode(body: Buffer, type: string | undefined): { body: string; isBase64Encoded: boolean } {
  return type !== undefined && TEXT.test(type)
    ? { body: body.toString('utf8'), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
}

function clientAddress(request: IncomingMessage): string {
  const address = request.socket.remoteAddress ?? '';
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}

/** `22/Nov/2026:07:25:00 +0000`. */
function commonLogTime(ms: number): string {
  const at = new Date(ms);
  const day = `${pad(at.getUTCDate())}/${MONTHS[at.getUTCMonth()] ?? ''}/${at.getUTCFullYear()}`;
  return `${day}:${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}:${pad(at.getUTCSeconds())} +0000`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
