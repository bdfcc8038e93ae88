import type { Context } from 'hono';

/** More than any form of ours can hold. */
const MAX_BYTES = 64 * 1024;

export type SignupBody = { ok: true; raw: Record<string, unknown> } | { ok: false; status: 400 | 413 | 415 };

/** Reads what was posted in any of the three ways that forms and programs post. */
export async function readBody(c: Context): Promise<SignupBody> {
  const read = READERS.get(c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '');
  if (!read) return { ok: false, status: 415 };
  // The header spares reading what is too much; what counts is what came.
  if (Number(c.req.header('content-length') ?? 0) > MAX_BYTES) return { ok: false, status: 413 };
  const bytes = await c.req.arrayBuffer();
  if (bytes.byteLength > MAX_BYTES) return { ok: false, status: 413 };
  try {
    const raw = await read(bytes, c.req.header('content-type') ?? '');
    return raw ? { ok: true, raw } : { ok: false, status: 400 };
  } catch {
    return { ok: false, status: 400 };
  }
}

type Reader = (bytes: ArrayBuffer, contentType: string) => Promise<Record<string, unknown> | undefined>;

const READERS = new Map<string, Reader>([
  ['application/json', (bytes) => Promise.resolve(readJson(bytes))],
  [
    'application/x-www-form-urlencoded',
    (bytes) => Promise.resolve(readEntries(new URLSearchParams(utf8(bytes)))),
  ],
  [
    'multipart/form-data',
    async (bytes, contentType) =>
      readEntries(await new Response(bytes, { headers: { 'Content-Type': contentType } }).formData()),
  ],
]);

function readJson(bytes: ArrayBuffer): Record<string, unknown> | undefined {
  const document: unknown = JSON.parse(utf8(bytes));
  return typeof document === 'object' && document !== null && !Array.isArray(document)
    ? Object.fromEntries(Object.entries(document))
    : undefined;
}

/** A name given once is a value, given more than once a list. */
function readEntries(entries: Iterable<[string, unknown]>): Record<string, unknown> {
  const found = new Map<string, unknown[]>();
  for (const [name, value] of entries) found.set(name, [...(found.get(name) ?? []), value]);
  return Object.fromEntries(
    [...found].map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}

function utf8(bytes: ArrayBuffer): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}
