import { assetPath } from './assets/asset.ts';
import { type Html, html } from './html.ts';

/** What a page puts into the common shell. */
export interface PageContent {
  title: string;
  main: Html;
  /** Scheme, host and base path, where the script and the style sheet are too. */
  publicBaseUrl: string;
}

/** A whole document of a frame. The frame around it shows a title already, so it begins with its own content. */
export const pageShell = ({ title, main, publicBaseUrl }: PageContent): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${publicBaseUrl}${assetPath('css')}">
<script type="module" src="${publicBaseUrl}${assetPath('js')}"></script>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`.markup;
