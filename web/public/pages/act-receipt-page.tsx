import type { ActDetail } from '../../../shared/evidence/history.ts';
import type { Brand } from '../../../shared/settings/brand.ts';
import type { Language } from '../../../shared/settings/language.ts';
import { useName } from '../../../shared/settings/uses.ts';
import type { Uses } from '../../../shared/settings/uses.ts';
import { Facts, Moment, Printed } from '../../components/printed.tsx';
import { evidenceTextsFor } from '../../texts/evidence-texts.ts';
import { historyTextsFor } from '../../texts/history-texts.ts';
import { actTitle, topicNames } from './history-page.tsx';

type Props = { act: ActDetail; brand: Brand; uses: Uses; language: Language };

/** One act of the person on one page for their files: what, when, in which words, and where it stands in the record (E3). */
export function ActReceiptPage({ act: { entry, told, wordings }, brand, uses, language }: Props) {
  const texts = evidenceTextsFor(language);
  const { controller } = brand;
  const privacy = entry.signup?.privacyNotice;
  return (
    <Printed
      brand={brand}
      language={language}
      title={historyTextsFor(language).receiptTitle}
      lead={actTitle(entry, language)}
    >
      {entry.changes.map((change) => (
        <section>
          <h2>{useName(uses, change.use, language)}</h2>
          {wordings[change.use] !== undefined && (
            <blockquote aria-label={texts.wording}>{wordings[change.use]}</blockquote>
          )}
          <Facts
            facts={[
              [texts.topics, topicNames(change.topics ?? [], { uses, language })],
              [texts.status, texts.statuses[change.to]],
            ]}
          />
        </section>
      ))}
      <section>
        <Facts
          facts={[
            [texts.address, told.address],
            [texts.time, <Moment at={entry.at} language={language} />],
            [texts.route, texts.routes[entry.route]],
            [texts.controller, [controller.name, controller.address, controller.contact].join(', ')],
            [texts.privacy, privacy && `${privacy.url} (${texts.version} ${privacy.version})`],
            [texts.contactId, <code>{`${entry.contactId}-${entry.seq}`}</code>],
            [texts.hash, <code>{entry.hash}</code>],
          ]}
        />
      </section>
      <section>
        <h2>{texts.withdraw}</h2>
        <p>{texts.withdrawText(brand.sender.replyTo)}</p>
      </section>
    </Printed>
  );
}
