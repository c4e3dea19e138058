import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Caller, type Route, routes } from '../functions/routes.ts';

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
  await writeFile(new URL('../docs/api.md', import.meta.url), apiReference());
}
