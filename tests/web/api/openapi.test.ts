import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { ROUTES } from '../../../infra/triggers.ts';
import { createRouter } from '../../../infra/local/api-gateway-routes.ts';
import { SCOPES } from '../../../shared/settings/api-key.ts';
import { createApiApp } from '../../../web/api/app.ts';
import { apiDocuments } from '../../../web/api/documents.tsx';
import { ENDPOINTS, SERVED } from '../../../web/api/endpoints.ts';
import { openTestSystem } from '../../support/system.ts';

const text = apiDocuments()['openapi.json'];

const size = z.int().nonnegative().optional();
/** JSON Schema 2020-12 as far as we write it: an unknown keyword would say nothing to anybody. */
const schema: z.ZodType = z.lazy(() =>
  z.strictObject({
    type: z.enum(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']).optional(),
    description: z.string().optional(),
    default: z.json().optional(),
    enum: z.array(z.json()).min(1).optional(),
    const: z.json().optional(),
    format: z.string().optional(),
    pattern: z.string().refine(isPattern).optional(),
    minLength: size,
    maxLength: size,
    minItems: size,
    maxItems: size,
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    exclusiveMinimum: z.number().optional(),
    required: z.array(z.string()).optional(),
    properties: z.record(z.string(), schema).optional(),
    propertyNames: schema.optional(),
    additionalProperties: z.union([z.boolean(), schema]).optional(),
    items: schema.optional(),
    anyOf: z.array(schema).min(1).optional(),
    oneOf: z.array(schema).min(1).optional(),
    allOf: z.array(schema).min(1).optional(),
    not: schema.optional(),
  }),
);
const content = z.record(z.string().regex(/^[\w.+-]+\/[\w.+-]+$/), z.strictObject({ schema }));
const response = z.strictObject({ description: z.string().min(1), content: content.optional() });
const parameter = z
  .strictObject({
    name: z.string().min(1),
    in: z.enum(['path', 'query', 'header']),
    required: z.boolean(),
    description: z.string().optional(),
    schema,
  })
  .refine(({ in: place, required }) => place !== 'path' || required);
const operation = z.strictObject({
  operationId: z.string().regex(/^[a-z]\w+$/),
  tags: z.tuple([z.string()]),
  summary: z.string().min(1).max(120),
  description: z.string().optional(),
  security: z.tuple(
    [z.strictObject({ key: z.tuple([z.enum(SCOPES)]) })],
    z.strictObject({ signature: z.tuple([]) }),
  ),
  parameters: z.array(parameter),
  requestBody: z.strictObject({ required: z.boolean(), content }).optional(),
  responses: z.record(
    z.string().regex(/^(20[0124]|default)$/),
    z.union([z.strictObject({ $ref: z.literal('#/components/responses/Problem') }), response]),
  ),
});
/** OpenAPI 3.1.1, the objects and fields of it that we use. */
const openApi = z.strictObject({
  openapi: z.literal('3.1.1'),
  info: z.strictObject({
    title: z.string(),
    version: z.string(),
    summary: z.string(),
    license: z.strictObject({ name: z.string(), identifier: z.string() }),
  }),
  jsonSchemaDialect: z.literal('https://json-schema.org/draft/2020-12/schema'),
  tags: z.array(z.strictObject({ name: z.string() })),
  paths: z.record(
    z.string().regex(/^\/v1\//),
    z.partialRecord(z.enum(['get', 'post', 'put', 'patch', 'delete']), operation),
  ),
  components: z.strictObject({
    securitySchemes: z.strictObject({
      key: z.strictObject({
        type: z.literal('http'),
        scheme: z.literal('bearer'),
        description: z.string(),
      }),
      signature: z.strictObject({
        type: z.literal('apiKey'),
        in: z.literal('header'),
        name: z.literal('webhook-signature'),
        description: z.string(),
      }),
    }),
    responses: z.strictObject({ Problem: response }),
  }),
});

function isPattern(pattern: string): boolean {
  return new RegExp(pattern, 'u').source !== '';
}

const document = openApi.parse(JSON.parse(text));
const operations = Object.entries(document.paths).flatMap(([path, ofPath]) =>
  Object.entries(ofPath).map(([method, one]) => ({ ...one, path, name: `${method.toUpperCase()} ${path}` })),
);
const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

describe('the OpenAPI document', () => {
  test('names each operation once, under a tag that it lists', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = document.tags.map(({ name }) => name);
    expect(new Set(tags).size).toBe(tags.length);
    expect(new Set(operations.flatMap((one) => one.tags))).toEqual(new Set(tags));
  });

  test.each(operations)(
    '$name describes what stands in its path, each thing once',
    ({ path, parameters }) => {
      const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
      expect(new Set(inPath)).toEqual(new Set([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)));
      const all = parameters.map((one) => `${one.in} ${one.name}`);
      expect(new Set(all).size).toBe(all.length);
      expect(all.join()).not.toMatch(/mail|address|phone/i);
    },
  );

  test.each(operations)('$name tells one success at least, and how it fails', ({ responses }) => {
    expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true);
    expect(responses['default']).toEqual({ $ref: '#/components/responses/Problem' });
  });

  test('W10 holds every endpoint and no other, as the apps route them', async () => {
    const documented = operations.map(({ name }) => name).toSorted();
    expect(documented).toEqual(ENDPOINTS.map(nameOf).toSorted());
    const { deps } = await openTestSystem();
    const routed = Object.values(SERVED).flatMap((endpoints) => createApiApp(deps, endpoints).routes);
    const own = routed.filter(({ method }) => method !== 'ALL').map(nameOf);
    expect(own.map((name) => name.replaceAll(/:(\w+)/g, '{$1}')).toSorted()).toEqual(documented);
  });

  test('W1 tells which endpoints take a signature in the place of a key', () => {
    const signed = operations.filter(({ security }) => security.some((way) => 'signature' in way));
    expect(signed.map(({ name }) => name)).toEqual(['POST /v1/engagements']);
    expect(Object.keys(signed[0]?.requestBody?.content ?? {})).toEqual([
      'application/json',
      'application/cloudevents+json',
      'application/cloudevents-batch+json',
    ]);
  });

  test('is no bigger than a reader bears', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(500_000);
  });
});

describe('every endpoint', () => {
  const served = Object.entries(SERVED).flatMap(([owner, endpoints]) =>
    endpoints.map((one) => ({ ...one, owner, name: nameOf(one) })),
  );
  const route = createRouter();

  test.each(served)('$name is led to the function $owner', ({ path, owner }) => {
    expect(route(path.replaceAll(/\{\w+\}/g, 'x'))?.function).toBe(owner);
  });

  test('no route of the API leads to a function without one', () => {
    const routes = ROUTES.filter(({ path }) => path.startsWith('/v1/'));
    const used = routes.filter(({ path }) => {
      const [start = ''] = path.split('{proxy+}');
      return served.some((one) => one.path === path || (start !== path && one.path.startsWith(start)));
    });
    expect(used).toEqual(routes);
  });

  test('stands once', () => {
    const names = served.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('W7 acts once where it is sent again: a change names its version, a post that acts takes a key', () => {
    // A former version that becomes the next one changes the document like a PUT.
    const versioned = served.filter(
      ({ method, path }) => method === 'PUT' || method === 'PATCH' || path.endsWith('/activate'),
    );
    expect(versioned.filter(({ ifMatch }) => !ifMatch)).toEqual([]);
    expect(served.filter(({ ifMatch }) => ifMatch)).toEqual(versioned);
    const posts = served.filter(
      ({ method, idempotent, ifMatch }) => method === 'POST' && !idempotent && !ifMatch,
    );
    expect(posts.map(({ path }) => path).toSorted()).toEqual([
      '/v1/accounts/lookup',
      '/v1/contacts/lookup',
      // Each event brings its own key: source, id and instant.
      '/v1/engagements',
      '/v1/links',
    ]);
  });
});
