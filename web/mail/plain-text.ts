import { assertNever } from '../../shared/platform/assert-never.ts';
import type { Language } from '../../shared/settings/language.ts';
import { topicsText } from '../texts/topics-text.ts';
import type { ConfirmItem } from '../components/confirm-items.tsx';
import { mailTextsFor } from '../texts/mail-texts.ts';
import type { Mail, MailBlock } from './mail-content.ts';

/** RFC 3676 asks for lines below 79 characters; links stay whole. */
const WIDTH = 72;

/** The part for readers without HTML. */
export function plainText({ brand, language, title, blocks }: Mail): string {
  const texts = mailTextsFor(language);
  const body = blocks.map((block) => blockText(block, language));
  const foot = [
    ...brand.imprint.lines,
    `${texts.imprint}: ${brand.imprint.url}`,
    `${texts.privacy}: ${brand.privacyNotice.url[language]}`,
  ];
  return `${[title, ...body, ['-- ', ...foot].join('\n')].join('\n\n')}\n`;
}

function blockText(block: MailBlock, language: Language): string {
  switch (block.kind) {
    case 'text':
      return wrap(block.text);
    case 'items':
      return block.items
        .map((item) => itemText(item, block.wordings, language))
        .join(block.wordings ? '\n\n' : '\n');
    case 'button':
    case 'link':
      return `${block.label}:\n${block.url}`;
    default:
      return assertNever(block);
  }
}

function itemText(item: ConfirmItem, wordings: boolean, language: Language): string {
  const chosen = item.topics.length > 0 ? ` (${topicsText(item, language)})` : '';
  const line = wrap(`* ${item.name}${chosen}`, '  ');
  return wordings && item.wording ? `${line}\n${wrap(`  ${item.wording}`, '  ')}` : line;
}

function wrap(text: string, indent = ''): string {
  const lines: string[] = [];
  let line = text.startsWith(' ') ? indent.slice(0, -1) : '';
  for (const word of text.trim().split(/\s+/)) {
    if (line.trim() !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent + word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
