import { type Html, html } from '../../functions/pages/html.ts';

/** What a page puts into the common shell. */
export type PageContent = {
  readonly title: string;
  /** Names of style sheets besides the base one, without their ending. */
  readonly styles: readonly string[];
  /** Name of the page's script, without its ending. */
  readonly script?: string;
  readonly main: Html;
};

/** A whole document: head, top bar, the page's own main part, and the places where toasts are announced. */
export const pageShell = ({ title, styles, script, main }: PageContent): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="/_page/style/icon.svg" type="image/svg+xml">
${['base', ...styles].map((name) => html`<link rel="stylesheet" href="/_page/style/${name}.css">\n`)}
${script === undefined ? undefined : html`<script type="module" src="/_page/browser/${script}.ts"></script>`}
</head>
<body>
<a class="skip-link" href="#content">Skip to content</a>
<header class="top-bar">
<a class="top-bar-brand" href="/"><span class="top-bar-mark" aria-hidden="true"></span>Ledgerbridge simulator</a>
<nav aria-label="Main"><a href="/">Deals</a></nav>
</header>
${main}
<div class="toasts"><div role="status"></div><div role="alert"></div></div>
</body>
</html>
`;
