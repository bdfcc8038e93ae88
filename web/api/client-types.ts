import type * as z from 'zod';

import type { SERVED } from './endpoints.ts';

type Served = (typeof SERVED)[keyof typeof SERVED][number];
/** Every endpoint of `/v1` by its name. Types alone: nothing of the server comes along. */
type Api = { [E in Served as `${E['method']} ${E['path']}`]: E };
/** `POST /v1/decisions`, `GET /v1/contacts/{id}`, … */
export type Operation = keyof Api;

/** Numbers in an address may be given as such. Without members there is nothing to give. */
type Addressed<T> = string extends keyof T
  ? Record<never, never>
  : { [K in keyof T]: unknown extends T[K] ? string | number : T[K] };
type Query<N extends Operation> = Addressed<z.input<Api[N]['query']>>;
type Part<Name extends string, T> = [keyof T] extends [never]
  ? unknown
  : Partial<T> extends T
    ? { [K in Name]?: T }
    : { [K in Name]: T };
type Body<T> = undefined extends T ? unknown : { body: T };
type Precondition<N> = N extends `${'PUT' | 'PATCH'} ${string}` | `POST ${string}/activate`
  ? { /** The `version` that is changed. */ ifMatch: string | undefined }
  : unknown;

/** What an operation takes. */
export type Call<N extends Operation> = Part<'params', Addressed<z.input<Api[N]['params']>>> &
  Part<'query', Query<N>> &
  Body<z.input<Api[N]['body']>> &
  Precondition<N> & {
    /** Of a POST; made here unless given. */
    idempotencyKey?: string;
    signal?: AbortSignal;
  };
export type Given<N extends Operation> =
  Partial<Call<N>> extends Call<N> ? [call?: Call<N>] : [call: Call<N>];

type DataIn<A> = A extends { schema: infer S extends z.ZodType }
  ? z.output<S>
  : A extends { contentType: string }
    ? string
    : undefined;
/** What an operation answers. */
export type Data<N extends Operation> = DataIn<Api[N]['answers'][keyof Api[N]['answers']]>;
export type Answered<N extends Operation> = Omit<Received, 'data'> & { data: Data<N> };

/** Operations that answer page by page. */
export type Listing = { [N in Operation]: 'cursor' extends keyof Query<N> ? N : never }[Operation];
export type Job = Data<'GET /v1/jobs/{id}'>;

/** What came, before anybody says what it is. */
export type Received = {
  status: number;
  data: unknown;
  /** What `ifMatch` takes to change it; of what has one. */
  version: string | undefined;
};
