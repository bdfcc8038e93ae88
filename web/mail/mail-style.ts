import { BACKGROUNDS, brandColours } from '../../shared/settings/brand-colours.ts';

/** Inline, because many mail programs drop style sheets; longhand where old Outlook needs it. */
export const STYLE = {
  body: 'margin:0;padding:0;background-color:#ffffff;color:#1b2125;',
  preheader: 'display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all;',
  outer: 'width:100%;border-collapse:collapse;',
  centre: 'padding:32px 16px 40px;',
  column:
    'width:100%;max-width:34rem;border-collapse:collapse;text-align:left;' +
    "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.55;",
  sender: 'margin:0 0 28px;font-size:16px;font-weight:600;',
  title: 'margin:0 0 20px;font-size:26px;line-height:1.25;font-weight:650;letter-spacing:-0.01em;',
  text: 'margin:0 0 18px;',
  items: 'margin:0 0 18px;padding:0 0 0 20px;',
  item: 'margin:0 0 10px;',
  wording: 'margin:2px 0 0;',
  foot: 'padding:24px 0 0;border-top:1px solid #d6dbde;font-size:16px;line-height:1.5;',
} as const;

/** A link in a padded table cell: a button even where padding on links is ignored. */
export function buttonStyle(colour: string, secondary = false) {
  const { fill, onFill, text } = brandColours(colour, 'light');
  const [back, front] = secondary ? [BACKGROUNDS.light.page, text] : [fill, onFill];
  return {
    cell: `border-radius:8px;background-color:${back};border:1px solid ${text};`,
    link: `display:inline-block;padding:13px 24px;color:${front};font-weight:600;text-decoration:none;border-radius:8px;`,
    textLink: `color:${text};text-decoration:underline;`,
  };
}

/** For programs that know the reader's theme; the others keep the inline colours. */
export function darkStyle(colour: string): string {
  const { fill, onFill, text } = brandColours(colour, 'dark');
  const { page } = BACKGROUNDS.dark;
  const rules = [
    `body,.m-page{background-color:${page}!important;color:#e8ecee!important}`,
    '.m-quiet{color:#a9b3b9!important}',
    '.m-foot{border-top-color:#3a4349!important}',
    `.m-button{background-color:${fill}!important;border-color:${text}!important}`,
    `.m-button a{color:${onFill}!important}`,
    `.m-secondary{background-color:${page}!important;border-color:${text}!important}`,
    `.m-secondary a{color:${text}!important}`,
    `.m-link{color:${text}!important}`,
  ];
  return `:root{color-scheme:light dark;supported-color-schemes:light dark}@media(prefers-color-scheme:dark){${rules.join('')}}`;
}
