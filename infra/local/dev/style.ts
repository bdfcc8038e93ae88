/** The style sheet of the pages under `/dev`. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1b2125, #e8ecee);
  --quiet: light-dark(#566068, #a9b3b9);
  --page: light-dark(#f3f5f6, #14181b);
  --card: light-dark(#fff, #1e2428);
  --line: light-dark(#dde2e5, #343d43);
  --accent: light-dark(#0b6e75, #7fc4ca);
  --on-accent: light-dark(#fff, #0c0f11);
}
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { max-inline-size: 60rem; margin-inline: auto; padding: 1.5rem 1rem 4rem; display: grid; gap: 1rem }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2 }
h2 { margin: 0 0 .5rem; font-size: 1.125rem }
p { margin: 0 0 .5rem }
section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; min-inline-size: 0 }
a { color: var(--accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
button { font: inherit; padding: .375rem .875rem; border: 0; border-radius: .375rem; background: var(--accent); color: var(--on-accent); cursor: pointer }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center }
.mails { display: grid; gap: .5rem; padding-inline-start: 2.5rem; margin: 0 0 .75rem }
.mails span { display: block; color: var(--quiet); font-size: .875rem; overflow-wrap: anywhere }
dl { margin: 0; display: grid; gap: .25rem }
dl div { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: .75rem }
dt { color: var(--quiet) }
dd { margin: 0; overflow-wrap: anywhere }
.fields { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); align-items: end }
.fields label { display: grid; gap: .25rem; color: var(--quiet); min-width: 0 }
.fields fieldset { border: 1px solid var(--line); border-radius: .375rem; display: flex; flex-wrap: wrap; gap: .5rem 1rem }
.fields fieldset label { display: flex; align-items: center }
.fields fieldset input { width: auto }
.fields input, .fields select { font: inherit; padding: .375rem .5rem; border: 1px solid var(--quiet); border-radius: .375rem; background: var(--page); color: var(--ink); width: 100%; box-sizing: border-box }
table { border-collapse: collapse; inline-size: 100%; font-size: .875rem }
caption { text-align: start; color: var(--quiet) }
th, td { text-align: start; padding: .25rem .5rem .25rem 0; border-block-end: 1px solid var(--line); overflow-wrap: anywhere }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere }
iframe { inline-size: 100%; block-size: 40rem; border: 1px solid var(--line); border-radius: .375rem; background: #fff }
`;
