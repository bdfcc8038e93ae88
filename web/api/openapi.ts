import * as z from 'zod';

import type { AnswerShape, Endpoint } from './endpoint.ts';
import { problemDocument } from './problem-document.ts';

export type Schema = z.core.JSONSchema.BaseSchema;
export type Parameter = {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: Schema;
};
type Content = Record<string, { schema: Schema }>;
export type Described = { description: string; content?: Content } | { $ref: string };
export type Operation = {
  operationId: string;
  tags: [string];
  summary: string;
  description?: string;
  security: ({ key: [string] } | { signature: [] })[];
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, Described>;
};
/** The parts of an OpenAPI 3.1 document that we write. */
export type OpenApiDocument = {
  openapi: '3.1.1';
  info: { title: string; version: string; summary: string; license: { name: string; identifier: string } };
  jsonSchemaDialect: string;
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    securitySchemes: {
      key: { type: 'http'; scheme: 'bearer'; description: string };
      signature: { type: 'apiKey'; in: 'header'; name: string; description: string };
    };
    responses: Record<string, Described>;
  };
};

const SIGNED: Operation['security'][number] = { signature: [] };
const IF_MATCH: Parameter = {
  name: 'If-Match',
  in: 'header',
  required: true,
  description: 'The ETag of the version that is changed.',
  schema: { type: 'string' },
};
const IDEMPOTENCY_KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Sent again with the same document within 24 hours, the request acts once.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

/** The document of these endpoints, in the order of their paths. Made when building: its generator is not deployed. */
export function openApiDocument<Deps>(endpoints: readonly Endpoint<Deps>[]): OpenApiDocument {
  const sorted = endpoints.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const paths = [...Map.groupBy(sorted, ({ path }) => path)].map(([path, ofPath]) => {
    const operations = ofPath.map(
      (endpoint) => [endpoint.method.toLowerCase(), toOperation(endpoint)] as const,
    );
    return [path, Object.fromEntries(operations)] as const;
  });
  return {
    openapi: '3.1.1',
    info: {
      title: 'assent',
      version: '1',
      summary: 'May I contact this person, this way, now – and can I prove it?',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    tags: [...new Set(sorted.map(tagOf))].map((name) => ({ name })),
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key: `Authorization: Bearer ak_…`.' },
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'webhook-signature',
          description:
            'Standard Webhooks: `v1,` and base64 of HMAC-SHA-256 over `webhook-id`, `webhook-timestamp` and the body, with the secret of `?source=`.',
        },
      },
      responses: {
        Problem: {
          description: 'A problem document (RFC 9457).',
          content: { 'application/problem+json': { schema: toSchema(problemDocument, 'output') } },
        },
      },
    },
  };
}

function toOperation<Deps>(endpoint: Endpoint<Deps>): Operation {
  const { method, path, scope, summary, description, params, query, body, bodies = {}, answers } = endpoint;
  const contents = Object.entries({ 'application/json': body, ...bodies }).map(
    ([mediaType, schema]) => [mediaType, { schema: toSchema(schema, 'input') }] as const,
  );
  return {
    operationId: operationId(method, path),
    tags: [tagOf(endpoint)],
    summary,
    ...(description ? { description } : {}),
    security: [{ key: [scope] }, ...(endpoint.signed ? [SIGNED] : [])],
    parameters: [
      ...toParameters(params, 'path'),
      ...toParameters(query, 'query'),
      ...(endpoint.ifMatch ? [IF_MATCH] : []),
      ...(endpoint.idempotent ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(body instanceof z.ZodUndefined
      ? {}
      : {
          requestBody: {
            required: !body.safeParse(undefined).success,
            content: Object.fromEntries(contents),
          },
        }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, shape]) => [status, toResponse(shape)])),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function toParameters(schema: z.ZodType, place: 'path' | 'query'): Parameter[] {
  const { properties = {}, required = [] } = toSchema(schema, 'input');
  return Object.entries(properties).map(([name, property]) => {
    if (typeof property === 'boolean') throw new Error(`the parameter ${name} has no schema`);
    const { description, ...rest } = property;
    return {
      name,
      in: place,
      required: required.includes(name),
      ...(description ? { description } : {}),
      schema: rest,
    };
  });
}

function toResponse({ description, schema, contentType }: AnswerShape): Described {
  if (!schema && !contentType) return { description };
  const shown: Schema = schema ? toSchema(schema, 'output') : { type: 'string' };
  return { description, content: toContent(shown, contentType) };
}

function toContent(schema: Schema, contentType = 'application/json'): Content {
  return { [contentType]: { schema } };
}

/** Everything in its place, without references: what can be read is read here. */
function toSchema(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _dialect, ...shape } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    reused: 'inline',
    cycles: 'throw',
    unrepresentable: io === 'input' ? 'any' : 'throw',
    override: ({ jsonSchema }) => shorten(jsonSchema),
  });
  return shape;
}

/** Leaves out what says nothing to a reader: the bounds of every safe integer, the long pattern of an instant. */
function shorten(schema: Schema): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.format !== undefined) delete schema.pattern;
}

/** `post /v1/contacts/{id}/block` is `postContactsIdBlock`. */
function operationId(method: string, path: string): string {
  const words = path.split(/\W+/).slice(2).filter(Boolean);
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function tagOf({ path }: { path: string }): string {
  return path.split('/')[2] ?? '';
}
