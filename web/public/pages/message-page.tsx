import { Page } from '../../components/layout.tsx';
import type { NeutralContext, PageContext } from '../../components/layout.tsx';
import { frameTextsFor } from '../../texts/frame-texts.ts';

/** 404, 500, 429, 413 and 415, in this order. */
export type MessageKind = 'not-found' | 'unknown-link' | 'error' | 'too-many' | 'too-large' | 'unsupported';

export type MessagePageProps = {
  context: PageContext | NeutralContext;
  kind: MessageKind;
  requestId?: string | undefined;
};

/** A plain word where a page cannot be shown. */
export function MessagePage({ context, kind, requestId }: MessagePageProps) {
  const texts = frameTextsFor(context.language).message;
  const { title, text } = texts[kind];
  return (
    <Page context={context} title={title}>
      <h1>{title}</h1>
      <p class="lead">{text}</p>
      {requestId !== undefined && (
        <p class="quiet">
          {texts.requestId} <code>{requestId}</code>
        </p>
      )}
    </Page>
  );
}
