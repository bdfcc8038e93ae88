import type { Context } from 'hono';

/** The text fields of a small posted form, urlencoded or multipart; anything else reads as no fields at all. */
export async function readFields(c: Context): Promise<Record<string, string | undefined>> {
  try {
    const body = await c.req.parseBody();
    return Object.fromEntries(
      Object.entries(body).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    );
  } catch {
    return {};
  }
}
