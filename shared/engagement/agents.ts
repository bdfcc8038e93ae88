/**
 * What an agent that is no browser in somebody's hands is there for.
 * `prefetch`: loads pictures whether anybody looks or not. `image-proxy`: loads them when somebody looks, as a rule, and
 * hides who. The others follow links by themselves.
 */
export type AgentRole = 'prefetch' | 'image-proxy' | 'scanner' | 'preview' | 'library' | 'office-probe';

/** Agents that name themselves by the whole of their text, so that no browser is taken for one. */
const WHOLE = new Map<string, AgentRole>([
  // Apple's Mail Privacy Protection: this and not a letter more; every browser begins with it.
  ['Mozilla/5.0', 'prefetch'],
  // What Gmail loads with before anybody looks. No Edge ever ended like that.
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0',
    'prefetch',
  ],
  ['Barracuda Sentinel (EE)', 'scanner'],
  // Office asks so whether a link is a document before it hands it to the browser, which then comes itself.
  ['Microsoft Office Existence Discovery', 'office-probe'],
  ['Microsoft Office Protocol Discovery', 'office-probe'],
]);

/** Agents by a word of their text, product versions left off. Browsers inside apps have other words: `LinkedInApp`. */
const WORDS = new Map<string, AgentRole>([
  ['GoogleImageProxy', 'image-proxy'],
  ['YahooMailProxy', 'image-proxy'],
  ['Gmail-content-sampling', 'scanner'],
  ['HeadlessChrome', 'scanner'],
  ['PhantomJS', 'scanner'],
  ...[
    ...['SkypeUriPreview', 'BingPreview', 'Slackbot-LinkExpanding', 'Slackbot', 'Slack-ImgProxy'],
    ...[
      'Twitterbot',
      'facebookexternalhit',
      'Facebot',
      'LinkedInBot',
      'WhatsApp',
      'TelegramBot',
      'Discordbot',
    ],
    ...['Googlebot', 'Google-PageRenderer', 'bingbot', 'Applebot', 'Pinterestbot'],
  ].map((word): [string, AgentRole] => [word, 'preview']),
]);

/** Programmers' tools, by the product that their text begins with. */
const FIRST = new Set([
  ...['python-requests', 'Python-urllib', 'Python', 'python-httpx', 'aiohttp', 'curl', 'Wget', 'libwww-perl'],
  ...[
    'Go-http-client',
    'Java',
    'Apache-HttpClient',
    'AHC',
    'axios',
    'node-fetch',
    'GuzzleHttp',
    'lua-resty-http',
  ],
]);

/**
 * What a user agent is there for, where it says so itself; undefined for browsers, and for all that is not known.
 * Not listed on purpose: Outlook and its picture agents (people), text browsers (people), `Amazon CloudFront` (what a
 * tracking domain behind CloudFront reports of everybody).
 */
export function roleOf(userAgent: string): AgentRole | undefined {
  const whole = WHOLE.get(userAgent.trim());
  if (whole) return whole;
  const words = userAgent.split(/[\s;,()]+/).map((word) => word.split('/')[0] ?? '');
  if (FIRST.has(words[0] ?? '')) return 'library';
  return words.map((word) => WORDS.get(word)).find((role) => role !== undefined);
}
