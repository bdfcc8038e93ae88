const webkit = (device: string, rest: string) =>
  `Mozilla/5.0 (${device}) AppleWebKit/537.36 (KHTML, like Gecko) ${rest}`;
const safari = (device: string, rest: string) =>
  `Mozilla/5.0 (${device}) AppleWebKit/605.1.15 (KHTML, like Gecko) ${rest}`;
const WINDOWS = 'Windows NT 10.0; Win64; x64';
const MAC = 'Macintosh; Intel Mac OS X 10_15_7';
const IPHONE = 'iPhone; CPU iPhone OS 18_5 like Mac OS X';

export const CHROME = webkit(WINDOWS, 'Chrome/142.0.0.0 Safari/537.36');
export const EDGE = webkit(WINDOWS, 'Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0');

/** Browsers as people have them: in offices, at home, in their hands. */
export const BROWSERS: Record<string, string> = {
  'Chrome on Windows': CHROME,
  'Edge on Windows': EDGE,
  'Firefox on Windows': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'Firefox on Linux': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Chrome on Linux': webkit('X11; Linux x86_64', 'Chrome/141.0.0.0 Safari/537.36'),
  'Safari on a Mac': safari(MAC, 'Version/18.5 Safari/605.1.15'),
  'Safari on an iPhone': safari(IPHONE, 'Version/18.5 Mobile/15E148 Safari/604.1'),
  'Chrome on Android': webkit('Linux; Android 10; K', 'Chrome/142.0.0.0 Mobile Safari/537.36'),
  'Samsung Internet': webkit(
    'Linux; Android 10; K',
    'SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
  ),
  Opera: webkit(WINDOWS, 'Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0'),
};
export const OLD_BROWSERS: Record<string, string> = {
  'Internet Explorer 11': 'Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko',
  'Internet Explorer 8': 'Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)',
  'Opera 12': 'Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.18',
  'the Edge of 2015': webkit(WINDOWS, 'Chrome/42.0.2311.135 Safari/537.36 Edge/12.246'),
  'an Android of 2013':
    'Mozilla/5.0 (Linux; U; Android 4.1.2; de-de; GT-I9300) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30',
};
export const TEXT_BROWSERS: Record<string, string> = {
  Lynx: 'Lynx/2.9.2 libwww-FM/2.14 SSL-MM/1.4.1 OpenSSL/3.0.13',
  w3m: 'w3m/0.5.3+git20230121',
  ELinks: 'ELinks/0.17.1 (textmode; Linux 6.8 x86_64; 120x40-2)',
};
/** Browsers inside apps; their words are close to those of the apps' link expanders. */
export const WEBVIEWS: Record<string, string> = {
  'LinkedIn’s app': safari(IPHONE, 'Mobile/15E148 [LinkedInApp]/9.31.1'),
  'Facebook’s app': safari(IPHONE, 'Mobile/15E148 [FBAN/FBIOS;FBAV/530.0.0.45.62;FBDV/iPhone16,1]'),
  'Outlook on a phone': safari(IPHONE, 'Mobile/15E148 Outlook-iOS/2.0'),
  'Google’s app': safari(IPHONE, 'GSA/390.0.0 Mobile/15E148 Safari/604.1'),
  'an Android app': webkit(
    'Linux; Android 15; SM-S931B; wv',
    'Version/4.0 Chrome/141.0.0.0 Mobile Safari/537.36',
  ),
  'Slack’s desktop app': webkit(MAC, 'Slack/4.46.101 Chrome/138.0.0.0 Electron/37.2.0 Safari/537.36'),
};
/** Mail programs that load pictures when somebody looks. */
export const MAIL_PROGRAMS: Record<string, string> = {
  'Outlook 2016':
    'Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Win64; x64; Trident/7.0; Microsoft Outlook 16.0.17928; ms-office; MSOffice 16)',
  Thunderbird: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Thunderbird/140.4.0',
  'Apple Mail without its protection': safari(MAC, '').trim(),
  'webmail in a browser': BROWSERS['Firefox on Windows'] ?? '',
};

export const APPLE_MPP = 'Mozilla/5.0';
export const GMAIL_PROXY =
  'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)';
export const GMAIL_PREFETCH = `${OLD_BROWSERS['the Edge of 2015'] ?? ''} Mozilla/5.0`;
export const YAHOO_PROXY = 'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html';

/** What unfolds a link that somebody passes on. */
export const EXPANDERS: Record<string, string> = {
  Slack: 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  Teams: 'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com',
  WhatsApp: 'WhatsApp/2.25.21.80 A',
  LinkedIn: 'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)',
  'a message on an iPhone':
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
  Telegram: 'TelegramBot (like TwitterBot)',
  Bing: 'Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b',
};
export const LIBRARIES = [
  ...[
    'python-requests/2.32.3',
    'Python/3.12 aiohttp/3.10.5',
    'curl/8.5.0',
    'Go-http-client/2.0',
    'Java/17.0.12',
  ],
  ...['Apache-HttpClient/4.5.14 (Java/11.0.24)', 'axios/1.7.9', 'Wget/1.21.4', 'AHC/2.1'],
];
export const HEADLESS = webkit('X11; Linux x86_64', 'HeadlessChrome/131.0.0.0 Safari/537.36');

/** Networks that people's browsers come from. */
export const PEOPLE = {
  dsl: '84.150.17.23',
  mobile: '2a01:599:812:4f3e::1',
  office: '212.37.40.9',
  /** Desktops and corporate ways out that run at Microsoft's. */
  azure: '20.76.12.5',
  azureToo: '40.119.150.9',
  isolation: '148.163.133.20',
};
/** Networks that filters come from. */
export const FILTERS = {
  protection: '104.47.17.30',
  protectionSix: '2a01:111:f403:c201::5',
  detonation: '40.94.31.77',
  barracuda: '209.222.82.14',
  hornet: '94.100.136.7',
  proofpoint: '67.231.152.44',
  mimecast: '91.220.42.81',
  amazon: '54.93.101.7',
};
