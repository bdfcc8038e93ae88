import * as z from 'zod';

/** RFC 9457 with our extensions, as every error of `/v1` is answered (W6). */
export const problemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  instance: z.string().describe('Path of the request.'),
  detail: z.string().optional(),
  code: z.string().optional().describe('For programs: why, where the status alone does not say.'),
  requestId: z.string().optional().describe('Names the request in our log; with a status of 5xx.'),
  errors: z
    .array(
      z.object({
        in: z.enum(['path', 'query']).optional().describe('Where, if not in the document that was sent.'),
        pointer: z.string().describe('JSON Pointer (RFC 6901) to what is wrong.'),
        detail: z.string(),
        code: z.string(),
        suggestion: z.string().optional(),
      }),
    )
    .optional(),
});
