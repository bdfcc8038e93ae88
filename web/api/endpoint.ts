import type { Context } from 'hono';
import * as z from 'zod';

import type { Actor } from '../../shared/permission/evidence.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import type { Scope } from '../../shared/settings/api-key.ts';

/** Who calls: an API key of one controller. */
export type Caller = {
  keyId: string;
  controller: string;
  scopes: readonly Scope[];
  /** `{ kind: 'api', key }`; an endpoint that acts for a named person says so itself. */
  actor: Actor;
};
/** Nobody may call: why, and by what they called themselves where that is known. */
export type Refused = { refused: string; id?: string };
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** What an endpoint answers by itself; all else is raised as an AppError and becomes a problem document. */
export const SUCCESS = [200, 201, 202, 204] as const;
/** Without `body` nothing is sent. A string body goes out as it is, with `contentType`. */
export type Answer = {
  status: (typeof SUCCESS)[number];
  body?: unknown;
  headers?: Record<string, string>;
  contentType?: string;
};
export type Request = {
  caller: Caller;
  /** The version that If-Match names, without quotes. */
  ifMatch: string | undefined;
  at: Instant;
};
export type Input<P, Q, B> = Request & { params: P; query: Q; body: B };
/** One answer as the OpenAPI document describes it. */
export type AnswerShape = { description: string; schema?: z.ZodType; contentType?: string };
/** What was sent, before it is known to be right. */
export type Raw = { params: unknown; query: unknown; body: unknown; mediaType: string };
export type Invalid = { in: 'params' | 'query' | 'body'; issues: readonly z.core.$ZodIssue[] };

/**
 * One endpoint of `/v1`: what it takes, what it answers, who may call it. Router, validation, OpenAPI document and
 * tests are made from these (W10); nothing about an endpoint is written down twice.
 */
export type Endpoint<Deps> = {
  method: Method;
  /** In OpenAPI's spelling: `/v1/contacts/{id}`. */
  path: string;
  scope: Scope;
  summary: string;
  description?: string;
  params: z.ZodType;
  query: z.ZodType;
  /** Of JSON. Objects are strict: unknown members are refused. */
  body: z.ZodType;
  /** What it takes besides, by media type; all are read as the same. */
  bodies?: Readonly<Record<string, z.ZodType>>;
  /** If-Match is needed: without it 428, and the use case answers 412 where it is stale. */
  ifMatch?: true;
  /** Honours Idempotency-Key (W7). */
  idempotent?: true;
  /** Takes a body of up to 512 KiB, for many contacts or events at once; 64 KiB otherwise. */
  large?: true;
  /** Also takes a webhook that is signed, in the place of an API key (W1): who signed it. */
  signed?(deps: Deps, c: Context, at: Instant): Promise<Caller | Refused>;
  answers: Record<number, AnswerShape>;
  /** Parses everything; only what is as it should be can act. */
  prepare(deps: Deps, raw: Raw, request: Request): { act: () => Promise<Answer> } | { invalid: Invalid[] };
};

/** For an endpoint that takes no body. */
export const NOTHING = z.undefined();
/** For an endpoint without path parameters, or without a query. */
export const NONE = z.strictObject({});

/** What sets one endpoint apart from another, kept in its type: the typed client is made from these. */
export type Shape = Pick<Endpoint<never>, 'method' | 'path' | 'params' | 'query' | 'body' | 'answers'>;

/** An endpoint whose `handle` is typed by the schemas beside it. */
export function endpoint<
  Deps,
  M extends Method,
  Path extends string,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  A extends Record<number, AnswerShape>,
>(
  definition: Omit<Endpoint<Deps>, keyof Shape | 'bodies' | 'prepare'> & {
    method: M;
    path: Path;
    params: P;
    query: Q;
    body: B;
    bodies?: Readonly<Record<string, z.ZodType<z.output<B>>>>;
    answers: A;
    handle(deps: Deps, input: Input<z.output<P>, z.output<Q>, z.output<B>>): Promise<Answer>;
  },
): Omit<Endpoint<Deps>, keyof Shape> & { method: M; path: Path; params: P; query: Q; body: B; answers: A } {
  const { handle, ...shape } = definition;
  return {
    ...shape,
    prepare: (deps, raw, request) => {
      const params = shape.params.safeParse(raw.params);
      const query = shape.query.safeParse(raw.query);
      const body = (shape.bodies?.[raw.mediaType] ?? shape.body).safeParse(raw.body);
      if (params.success && query.success && body.success) {
        const input = { params: params.data, query: query.data, body: body.data };
        return { act: () => handle(deps, { ...request, ...input }) };
      }
      const parts = Object.entries({ params, query, body } as const);
      const invalid = parts.flatMap(([part, { error }]): Invalid[] =>
        error && isPart(part) ? [{ in: part, issues: error.issues }] : [],
      );
      return { invalid };
    },
  };
}

function isPart(name: string): name is Invalid['in'] {
  return name === 'params' || name === 'query' || name === 'body';
}
