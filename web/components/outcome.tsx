import type { PropsWithChildren } from 'hono/jsx';

/** The answer to an act: its heading is announced (WCAG 4.1.3), the details follow. */
export function Outcome({ title, children }: PropsWithChildren<{ title: string }>) {
  return (
    <>
      <div role="status">
        <h1>{title}</h1>
      </div>
      {children}
    </>
  );
}

/** A way on that is not a form, as prominent as a button. */
export function LinkButton({ url, text }: { url: string; text: string }) {
  return (
    <p class="actions">
      <a class="button" href={url}>
        {text}
      </a>
    </p>
  );
}
