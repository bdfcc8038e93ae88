import type { PropsWithChildren } from 'hono/jsx';

/** The frame of all pages under `/dev`. */
export function Page({ title, children }: PropsWithChildren<{ title: string }>) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title} – assent, local</title>
        <link rel="stylesheet" href="/dev/style.css" />
      </head>
      <body>
        <main>{children}</main>
      </body>
    </html>
  );
}

/** A form of one button that posts fixed values. */
export function Action({
  to,
  values,
  label,
}: {
  to: string;
  values?: Record<string, string>;
  label: string;
}) {
  return (
    <form method="post" action={to}>
      {Object.entries(values ?? {}).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button>{label}</button>
    </form>
  );
}
