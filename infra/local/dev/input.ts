import type { Context } from 'hono';
import * as z from 'zod';

import { limits } from '../../../shared/settings/limits.ts';
import { parseDuration } from '../duration.ts';

export const clockInput = z.object({
  advance: z.string().transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== undefined) return ms;
    context.addIssue({ code: 'custom', message: 'an ISO 8601 duration such as PT72H or P1D' });
    return z.NEVER;
  }),
});
export const reportInput = z.object({ messageId: z.string() });
export const clickInput = reportInput.extend({ link: z.string() });
export const sampleInput = z.object({ to: z.string().trim().min(1) });
/** Without defaults: what is not named stays as it is. */
export const limitsInput = z.strictObject(
  Object.fromEntries(Object.entries(limits.shape).map(([name, value]) => [name, value.unwrap().optional()])),
);

export type Input = { value: unknown; fromForm: boolean };

/** The body of a request: JSON, whatever type it is sent as, or a form of one of our pages. */
export async function readInput(c: Context): Promise<Input> {
  const text = await c.req.text();
  const fromForm =
    (c.req.header('content-type') ?? '').startsWith('application/x-www-form-urlencoded') &&
    !text.trimStart().startsWith('{');
  return { fromForm, value: fromForm ? readForm(text) : parseJson(text) };
}

/** Empty fields say nothing; digits are a number. */
function readForm(text: string): Record<string, string | number> {
  const entries = [...new URLSearchParams(text)].filter(([, value]) => value !== '');
  return Object.fromEntries(
    entries.map(([name, value]) => [name, /^\d+(\.\d+)?$/.test(value) ? Number(value) : value]),
  );
}

function parseJson(text: string): unknown {
  try {
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}
