import * as z from 'zod';

export const LANGUAGES = ['de', 'en'] as const;
export const language = z.enum(LANGUAGES);
export type Language = z.infer<typeof language>;

/** A text in every language of the brand. */
export const localized = z.object({ de: z.string().min(1), en: z.string().min(1) });
export type Localized = z.infer<typeof localized>;

/**
 * The reader's language: an explicit wish, else the first match of Accept-Language (RFC 9110 12.5.4, by quality),
 * else the brand's.
 */
export function chooseLanguage(
  wish: string | undefined,
  acceptLanguage: string | undefined,
  fallback: Language,
): Language {
  const explicit = language.safeParse(wish);
  if (explicit.success) return explicit.data;
  const ranges = (acceptLanguage ?? '')
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
      const quality = parameters
        .map((parameter) => parameter.trim())
        .find((parameter) => parameter.startsWith('q='));
      return { tag: tag.trim().split('-')[0], quality: quality ? Number(quality.slice(2)) : 1 };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { tag } of ranges) {
    const known = language.safeParse(tag);
    if (known.success) return known.data;
  }
  return fallback;
}
