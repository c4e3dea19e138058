import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Caller, type Route, routes } from '../functions/routes.ts';
import { noWords } from './command-line/argument-values.ts';
import { runTool } from './command-line/run-tool.ts';

const HELP = `
Writes docs/api.md, the page of all routes, from functions/routes.ts.

  npm run docs:api
`;

const CALLERS: Record<Caller, { title: string; proof: string }> = {
  accounting: { title: 'For the accounting system', proof: '`Authorization: Bearer`, the portal’s token' },
  hubspot: { title: 'For HubSpot', proof: 'HubSpot’s request signature' },
  frame: { title: 'For a frame in HubSpot', proof: 'the ticket in the URL, signed when the card was served' },
};

/** The page of all routes, made from the table that API Gateway is made from. */
export function apiReference(table: readonly Route[] = routes): string {
  const sections = Object.entries(CALLERS).map(([caller, { title, proof }]) => {
    const rows = table
      .filter((route) => route.caller === caller)
      .map((route) => `| \`${route.method} ${route.path}\` | ${route.summary} | ${route.function} |`);
    return [
      `## ${title}`,
      '',
      `Proof: ${proof}.`,
      '',
      '| route | what it does | function |',
      '| --- | --- | --- |',
      ...rows,
    ].join('\n');
  });
  const head =
    '# Routes\n\nMade from `functions/routes.ts` by `npm run docs:api`; a test holds it to the table.';
  return `${[head, ...sections].join('\n\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runTool({
    name: 'docs:api',
    help: HELP,
    options: {},
    run: async (_values, words) => {
      noWords(words);
      await writeFile(new URL('../docs/api.md', import.meta.url), apiReference());
      console.log('Wrote docs/api.md.');
      return 0;
    },
  });
}
