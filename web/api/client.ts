import type * as z from 'zod';

import type { Answered, Data, Given, Job, Listing, Operation, Received } from './client-types.ts';
import type { problemDocument } from './problem-document.ts';

export type ClientOptions = {
  /** `https://assent.example`. */
  baseUrl: string;
  /** An API key: `ak_…`. */
  key: string;
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
};

/** What was asked, as it goes out. */
type Sent = {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
  ifMatch?: string | undefined;
  idempotencyKey?: string;
  signal?: AbortSignal;
};
type Problem = z.infer<typeof problemDocument>;

/** The API said no: `status`, often a `code` for programs, and `problem` with everything that was told. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string | undefined;
  readonly problem: Problem;

  constructor(operation: string, problem: Problem) {
    super(`${operation}: ${problem.status} ${problem.detail ?? problem.title}`);
    this.name = 'ApiProblem';
    this.status = problem.status;
    this.code = problem.code;
    this.problem = problem;
  }
}

const MOST_ATTEMPTS = 3;
const LONGEST_WAIT_SECONDS = 60;
const OPEN: readonly Job['state'][] = ['waiting', 'running'];

/**
 * Calls `/v1` from Node and from browsers, typed by the endpoints themselves. What is refused for the moment is sent
 * again, at most twice and after the time that was asked for; a POST acts once, because it carries a key.
 */
export function createClient({ baseUrl, key, fetch: send = (url, init) => fetch(url, init) }: ClientOptions) {
  const ask = async (operation: string, given: Sent): Promise<Received> => {
    const [method = '', path = ''] = operation.split(' ');
    const url = baseUrl.replace(/\/$/, '') + fill(path, given.params) + toSearch(given.query);
    const init = toInit(method, key, given);
    for (let attempt = 1; ; attempt += 1) {
      const response = await send(url, init);
      if (response.ok) return receive(response);
      const problem = await readProblem(response, path);
      const seconds = secondsToWait(response);
      if (seconds === undefined || attempt === MOST_ATTEMPTS) throw new ApiProblem(operation, problem);
      await wait(seconds);
    }
  };

  /** @throws ApiProblem where the answer is none of success */
  function call<N extends Operation>(operation: N, ...given: Given<N>): Promise<Answered<N>>;
  // The server's own tests hold every answer against its schema, so what came is not parsed a second time here.
  function call(operation: string, given: Sent = {}): Promise<Received> {
    return ask(operation, given);
  }

  /** Page after page, until there is no more for now; the last one may hold the cursor to go on with later. */
  function pages<N extends Listing>(operation: N, ...given: Given<N>): AsyncGenerator<Data<N>>;
  async function* pages(operation: string, given: Sent = {}): AsyncGenerator<unknown> {
    for (let { query } = given; ;) {
      const { data } = await ask(operation, { ...given, ...(query ? { query } : {}) });
      yield data;
      const cursor = nextCursor(data);
      if (cursor === undefined || cursor === query?.['cursor']) return;
      // A cursor knows where its list began.
      const { updatedSince: _, ...rest } = query ?? {};
      query = { ...rest, cursor };
    }
  }

  /** Waits until a job is done or has failed, and tells how far it is. */
  const job = async (
    id: string,
    { progress, everySeconds = 2 }: { progress?: (job: Job) => void; everySeconds?: number } = {},
  ): Promise<Job> => {
    for (;;) {
      const { data } = await call('GET /v1/jobs/{id}', { params: { id } });
      progress?.(data);
      if (!OPEN.includes(data.state)) return data;
      await wait(everySeconds);
    }
  };

  return { call, pages, job };
}

function toInit(method: string, key: string, { body, ifMatch, idempotencyKey, signal }: Sent): RequestInit {
  const headers = {
    Authorization: `Bearer ${key}`,
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(ifMatch === undefined ? {} : { 'If-Match': `"${ifMatch}"` }),
    ...(method === 'POST' ? { 'Idempotency-Key': idempotencyKey ?? crypto.randomUUID() } : {}),
  };
  return {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  };
}

function fill(path: string, params: Sent['params'] = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

function toSearch(query: Sent['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return search && `?${search}`;
}

async function receive(response: Response): Promise<Received> {
  const version = response.headers.get('etag')?.replaceAll('"', '');
  const text = await response.text();
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
  const data: unknown = text === '' ? undefined : isJson ? JSON.parse(text) : text;
  return { status: response.status, data, version };
}

/** What stands between us and the API answers in forms of its own. */
async function readProblem(response: Response, path: string): Promise<Problem> {
  const { status, statusText } = response;
  const text = await response.text();
  const told: unknown = /\bproblem\+json\b/.test(response.headers.get('content-type') ?? '')
    ? JSON.parse(text)
    : undefined;
  return isProblem(told) ? told : { type: 'about:blank', title: statusText, status, instance: path };
}

function isProblem(told: unknown): told is Problem {
  return typeof told === 'object' && told !== null && 'status' in told && 'title' in told;
}

/** Undefined where to try again would be no use, or takes too long. */
function secondsToWait({ status, headers }: Response): number | undefined {
  const told = headers.get('retry-after');
  if (told === null && status !== 429 && status !== 503) return undefined;
  const seconds = Number(told ?? 1);
  return seconds <= LONGEST_WAIT_SECONDS ? seconds : undefined;
}

function nextCursor(page: unknown): string | undefined {
  if (typeof page !== 'object' || page === null || ('more' in page && page.more === false)) return undefined;
  return 'cursor' in page && typeof page.cursor === 'string' ? page.cursor : undefined;
}

function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}
