import { cardHandler } from './card-handler.ts';
import { cardSize } from './card-size.ts';
import { coldStart } from './cold-start.ts';
import { type Figure, figureLines } from './figure.ts';
import { invoicePdf } from './invoice-pdf.ts';
import { ledgerFixture } from './ledger-fixture.ts';
import { parallelWriters } from './parallel-writers.ts';
import { simulatorStart } from './simulator-start.ts';
import { syncBundle } from './sync-bundle.ts';
import { syncCost } from './sync-cost.ts';
import { importerMemory } from './sync-import-memory.ts';
import { workerMemory } from './sync-memory.ts';
import { syncThroughput } from './sync-throughput.ts';

/** Prints the figures that speed is judged by, all measured in this one run. Nothing fails by them: they are to be read. */
process.env.POWERTOOLS_METRICS_DISABLED = 'true';
process.env.POWERTOOLS_DEV = 'false';

const show = (title: string, figures: readonly Figure[]): void => {
  console.log(`\n${title}`);
  for (const line of figureLines(figures)) console.log(line);
};

console.log(`Node ${process.version} on ${process.platform} ${process.arch}`);
show('The simulator', await simulatorStart());
const fixture = await ledgerFixture(50_000);
show('The card, however large the deal', await cardSize(fixture));
show('The card’s handler', await cardHandler(fixture));
show('Writers', await parallelWriters(fixture));
show('Cold start', await coldStart(fixture));
await fixture.close();
show('The PDF', await invoicePdf());
show('The sync against HubSpot’s limit', await syncThroughput());
show('The sync: what a record costs', await syncCost());
show('The sync: memory', [...(await workerMemory()), ...(await importerMemory())]);
show('The sync: size', await syncBundle());
