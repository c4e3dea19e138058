import { type Html, html } from '../../functions/pages/html.ts';

/** What a page puts into the common shell. */
export type PageContent = {
  readonly title: string;
  /** Style sheets besides the base one, each as folder and name: `deal-page/record`. */
  readonly styles: readonly string[];
  /** The page's script in the same way. */
  readonly script?: string;
  readonly main: Html;
};

const assetPath = (name: string, part: 'style' | 'browser', ending: 'css' | 'ts'): string =>
  `/_page/${name.replace('/', `/${part}/`)}.${ending}`;

/** A whole document: head, top bar, the page's own main part, and the places where toasts are announced. */
export const pageShell = ({ title, styles, script, main }: PageContent): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="/_page/pages/style/icon.svg" type="image/svg+xml">
${['pages/base', ...styles].map((name) => html`<link rel="stylesheet" href="${assetPath(name, 'style', 'css')}">\n`)}
${script === undefined ? undefined : html`<script type="module" src="${assetPath(script, 'browser', 'ts')}"></script>`}
</head>
<body>
<a class="skip-link" href="#content">Skip to content</a>
<header class="top-bar">
<a class="top-bar-brand" href="/"><span class="top-bar-mark" aria-hidden="true"></span>Ledgerbridge simulator</a>
<nav aria-label="Main"><a href="/">Deals</a><a href="/sync">Sync</a></nav>
</header>
${main}
<div class="toasts"><div role="status"></div><div role="alert"></div></div>
</body>
</html>
`;
