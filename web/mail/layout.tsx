import { raw } from 'hono/html';

import { assertNever } from '../../shared/platform/assert-never.ts';
import { topicsText } from '../texts/topics-text.ts';
import type { ConfirmItem } from '../components/confirm-items.tsx';
import { mailTextsFor } from '../texts/mail-texts.ts';
import type { Mail, MailBlock, MailContext } from './mail-content.ts';
import { STYLE, buttonStyle, darkStyle } from './mail-style.ts';

const QUIET = 'color:#566068;';

/** One column, nothing from outside: it reads the same with pictures off (G6). */
export function MailDocument({ brand, language, subject, preheader, title, blocks }: Mail) {
  const context = { brand, language };
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={language}>
        <head>
          <meta charset="utf-8" />
          <title>{subject}</title>
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="supported-color-schemes" content="light dark" />
          <style>{raw(darkStyle(brand.colour))}</style>
        </head>
        <body style={STYLE.body}>
          <div style={STYLE.preheader} aria-hidden="true">
            {preheader}
          </div>
          <table role="presentation" class="m-page" style={STYLE.outer} cellpadding="0" cellspacing="0">
            <tr>
              <td align="center" style={STYLE.centre}>
                <table role="presentation" style={STYLE.column} cellpadding="0" cellspacing="0">
                  <tr>
                    <td>
                      <main>
                        <p style={STYLE.sender} class="m-quiet">
                          {brand.name}
                        </p>
                        <h1 style={STYLE.title}>{title}</h1>
                        {blocks.map((block) => (
                          <Block block={block} {...context} />
                        ))}
                      </main>
                    </td>
                  </tr>
                  <Foot {...context} />
                </table>
              </td>
            </tr>
          </table>
        </body>
      </html>
    </>
  );
}

function Block({ block, brand, language }: MailContext & { block: MailBlock }) {
  const secondary = block.kind === 'button' && block.secondary === true;
  const style = buttonStyle(brand.colour, secondary);
  switch (block.kind) {
    case 'text':
      return <p style={STYLE.text}>{block.text}</p>;
    case 'items':
      return (
        <ul style={STYLE.items}>
          {block.items.map((item) => (
            <Item item={item} wordings={block.wordings} brand={brand} language={language} />
          ))}
        </ul>
      );
    case 'button':
      return (
        <table
          role="presentation"
          cellpadding="0"
          cellspacing="0"
          style="margin:8px 0 24px;border-collapse:separate;"
        >
          <tr>
            <td class={secondary ? 'm-secondary' : 'm-button'} style={style.cell}>
              <a href={block.url} style={style.link}>
                {block.label}
              </a>
            </td>
          </tr>
        </table>
      );
    case 'link':
      return (
        <p style={STYLE.text}>
          <a href={block.url} class="m-link" style={style.textLink}>
            {block.label}
          </a>
        </p>
      );
    default:
      return assertNever(block);
  }
}

function Item({ item, wordings, language }: MailContext & { item: ConfirmItem; wordings: boolean }) {
  return (
    <li style={STYLE.item}>
      <strong>{item.name}</strong>
      {item.topics.length > 0 && ` (${topicsText(item, language)})`}
      {wordings && item.wording && (
        <p class="m-quiet" style={STYLE.wording + QUIET}>
          {item.wording}
        </p>
      )}
    </li>
  );
}

/** Who writes, as the law wants it in every mail (G16). */
function Foot({ brand, language }: MailContext) {
  const texts = mailTextsFor(language);
  const { textLink } = buttonStyle(brand.colour);
  return (
    <tr>
      <td class="m-quiet m-foot" style={STYLE.foot + QUIET}>
        {brand.imprint.lines.map((line) => (
          <>
            {line}
            <br />
          </>
        ))}
        <a href={brand.imprint.url} class="m-link" style={textLink}>
          {texts.imprint}
        </a>{' '}
        ·{' '}
        <a href={brand.privacyNotice.url[language]} class="m-link" style={textLink}>
          {texts.privacy}
        </a>
      </td>
    </tr>
  );
}
