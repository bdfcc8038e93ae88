import { dataGiven } from '../../shared/evidence/receipt.ts';
import type { About } from '../../shared/evidence/receipt.ts';
import type { Act } from '../../shared/evidence/story.ts';
import type { Language } from '../../shared/settings/language.ts';
import { Facts, Moment, Printed } from '../components/printed.tsx';
import { evidenceTextsFor } from '../texts/evidence-texts.ts';

type ReceiptPageProps = About & { grant: Act; language: Language };

/** What the person agreed to, on one page for their files (E3). */
export function ReceiptPage({ pack, brand, useName, grant, language }: ReceiptPageProps) {
  const texts = evidenceTextsFor(language);
  const { controller } = pack;
  const { entry, change, told, wording } = grant;
  const privacy = entry.signup?.privacyNotice;
  return (
    <Printed brand={brand} language={language} title={texts.receiptTitle} lead={useName}>
      <section>
        {wording !== undefined && <blockquote aria-label={texts.wording}>{wording}</blockquote>}
        <Facts
          facts={[
            [texts.address, told.address],
            [texts.time, <Moment at={entry.at} language={language} />],
            [texts.route, texts.routes[entry.route]],
            [texts.topics, change?.topics?.join(', ')],
            [texts.controller, [controller.name, controller.address, controller.contact].join(', ')],
            [texts.data, dataGiven(grant).join(', ')],
            [texts.privacy, privacy && `${privacy.url} (${texts.version} ${privacy.version})`],
            [texts.contactId, <code>{`${pack.contactId}-${entry.seq}`}</code>],
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
