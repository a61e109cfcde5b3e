import { SafeHtml } from './html.js';

/** One small sheet for the pages of the mail catcher, light and dark, from 360 pixels up. */
export const INBOX_STYLE = new SafeHtml(`
  :root { color-scheme: light dark; --ink: #111827; --muted: #6b7280; --rule: #e5e7eb; --page: #f5f6f8; --card: #fff; --accent: #1d4ed8; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #f3f4f6; --muted: #9ca3af; --rule: #374151; --page: #0b0f19; --card: #151b2b; --accent: #93b4ff; }
  }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
  main { max-width: 56rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
  h1 { font-size: 1.3rem; line-height: 1.3; margin: 0 0 .25rem; }
  a { color: var(--accent); }
  p { margin: .25rem 0; }
  .card + p { margin-top: .9rem; }
  .muted { color: var(--muted); font-size: .875rem; }
  .card { background: var(--card); border: 1px solid var(--rule); border-radius: .6rem; margin-top: 1rem; overflow: hidden; }
  ol { list-style: none; margin: 0; padding: 0; }
  ol li + li { border-top: 1px solid var(--rule); }
  ol a { display: block; padding: .8rem 1rem; color: inherit; text-decoration: none; }
  ol a:hover, ol a:focus-visible { background: var(--page); }
  .row { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; }
  .subject { font-weight: 600; }
  dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem .9rem; margin: 0; padding: 1rem; }
  dt { color: var(--muted); }
  dd { margin: 0; min-width: 0; }
  .files { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0 1rem 1rem; }
  .files a { border: 1px solid var(--rule); border-radius: 1rem; padding: .25rem .8rem; text-decoration: none; }
  iframe { display: block; width: 100%; height: 70vh; border: 0; background: #fff; color-scheme: light; }
  details { padding: .8rem 1rem; }
  summary { cursor: pointer; }
  pre { white-space: pre-wrap; font: .875rem/1.5 ui-monospace, monospace; margin: .8rem 0 0; }
  .empty { padding: 2.5rem 1rem; text-align: center; }
  @media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .4rem; } }
`);
