import type { Context } from 'hono';
import * as z from 'zod';

import { chooseLanguage } from '../shared/settings/language.ts';
import type { Language } from '../shared/settings/language.ts';

/** What the Lambda adapter hands over with a request. */
export type WebEnv = { Bindings: { event?: unknown } };

const trusted = z.object({
  event: z.object({
    requestContext: z.object({ requestId: z.string(), http: z.object({ sourceIp: z.string() }) }),
  }),
});

/** The client's address as API Gateway saw it; headers are the client's own word and never asked (T8). */
export function clientIp(c: Context<WebEnv>): string {
  return trusted.safeParse(c.env).data?.event.requestContext.http.sourceIp ?? 'unknown';
}

export function requestId(c: Context<WebEnv>): string | undefined {
  return trusted.safeParse(c.env).data?.event.requestContext.requestId;
}

/** What they chose, what their browser asks for, or else `fallback`. */
export function readerLanguage(c: Context, fallback: Language = 'en'): Language {
  return chooseLanguage(c.req.query('lang'), c.req.header('accept-language'), fallback);
}

/** Who pressed a button, for the evidence. */
export function visitor(c: Context<WebEnv>): { ip: string; userAgent: string } {
  return { ip: clientIp(c), userAgent: (c.req.header('user-agent') ?? '').slice(0, 300) };
}
