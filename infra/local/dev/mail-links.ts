/** A link of a mail, with what its sender tagged it with for SES (`ses:tags="topic:drives;"`). */
export type MailLink = { href: string; tags: Record<string, string[]> };

/** The links to the web in the HTML part of a mail, each once. */
export function linksOf(html: string): MailLink[] {
  const anchors = [...html.matchAll(/<a\b[^>]*>/gi)].flatMap(([tag]): MailLink[] => {
    const href = attribute(tag, 'href');
    return href !== undefined && /^https?:/i.test(href)
      ? [{ href, tags: readTags(attribute(tag, 'ses:tags') ?? '') }]
      : [];
  });
  return [...new Map(anchors.map((link) => [link.href, link])).values()];
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(tag);
  return (value?.[1] ?? value?.[2])?.replaceAll('&amp;', '&');
}

function readTags(text: string): Record<string, string[]> {
  const pairs = text.split(';').flatMap((pair): [string, string[]][] => {
    const [name = '', value] = pair.trim().split(':');
    return name !== '' && value !== undefined ? [[name, [value]]] : [];
  });
  return Object.fromEntries(pairs);
}
