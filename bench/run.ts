import { cardHandler } from './card-handler.ts';
import { cardSize } from './card-size.ts';
import { coldStart } from './cold-start.ts';
import { type Figure, figureLines } from './figure.ts';
import { ledgerFixture } from './ledger-fixture.ts';
import { parallelWriters } from './parallel-writers.ts';

/** Prints the figures that speed is judged by, all measured in this one run. Nothing fails by them: they are to be read. */
process.env.POWERTOOLS_METRICS_DISABLED = 'true';
process.env.POWERTOOLS_DEV = 'false';

const show = (title: string, figures: readonly Figure[]): void => {
  console.log(`\n${title}`);
  for (const line of figureLines(figures)) console.log(line);
};

console.log(`Node ${process.version} on ${process.platform} ${process.arch}`);
const fixture = await ledgerFixture(50_000);
show('The card, however large the deal', await cardSize(fixture));
show('The card’s handler', await cardHandler(fixture));
show('Writers', await parallelWriters(fixture));
show('Cold start', await coldStart(fixture));
await fixture.close();
