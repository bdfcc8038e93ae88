import type { Language } from '../../shared/settings/language.ts';
import { topicsText } from '../texts/topics-text.ts';

/** One use that somebody agrees to, in words: its name, the exact declaration, the topics chosen. */
export type ConfirmItem = { name: string; wording: string; topics: string[] };

/** What is (or is to be) agreed, each use apart and with its full wording. */
export function ConfirmItems({ items, language }: { items: readonly ConfirmItem[]; language: Language }) {
  return (
    <ul class="items">
      {items.map((item) => (
        <li>
          <strong>{item.name}</strong>
          {item.topics.length > 0 && <p>{topicsText(item, language)}</p>}
          {item.wording && <p class="quiet">{item.wording}</p>}
        </li>
      ))}
    </ul>
  );
}

/** Names alone, where the declarations were shown before. */
export function Names({ names }: { names: readonly string[] }) {
  return (
    <ul class="items">
      {names.map((name) => (
        <li>
          <strong>{name}</strong>
        </li>
      ))}
    </ul>
  );
}
