import type { QueryCommandOutput } from '@aws-sdk/lib-dynamodb';
import { CARD_ROWS } from '../functions/card/card-response.ts';
import type { DealId } from '../functions/invoices/identifiers.ts';
import { atMost, type Figure } from './figure.ts';
import { LARGE_DEAL, type LedgerFixture, PORTAL, SMALL_DEAL } from './ledger-fixture.ts';
import { median, milliseconds } from './statistics.ts';

const ROUNDS = 400;

/** A card for a deal with very many invoices against one with five: time, and the read capacity that DynamoDB would charge. */
export async function cardSize(fixture: LedgerFixture): Promise<Figure[]> {
  const card = (dealId: DealId) => () => fixture.store.dealTop(PORTAL, dealId, CARD_ROWS);
  const [small, large]: [number[], number[]] = [[], []];
  for (let round = -50; round < ROUNDS; round++) {
    // In turn, so that the machine's moods fall on both.
    const times = [await milliseconds(card(SMALL_DEAL)), await milliseconds(card(LARGE_DEAL))] as const;
    if (round < 0) continue;
    small.push(times[0]);
    large.push(times[1]);
  }
  const [smallUnits, largeUnits] = [
    await readUnits(fixture, SMALL_DEAL),
    await readUnits(fixture, LARGE_DEAL),
  ];
  return [
    { name: 'card query, deal with 5 invoices (median)', measured: `${median(small).toFixed(2)} ms` },
    { name: 'card query, deal with 50,000 invoices (median)', measured: `${median(large).toFixed(2)} ms` },
    atMost('  time, 50,000 against 5', median(large) / median(small), 1.1, ' times'),
    atMost(
      `  read capacity, 50,000 against 5 (${largeUnits} and ${smallUnits} units)`,
      largeUnits / smallUnits,
      1.1,
      ' times',
    ),
  ];
}

/** What DynamoDB would charge for the card's own query. */
async function readUnits({ documents, store }: LedgerFixture, dealId: DealId): Promise<number> {
  let units = 0;
  documents.middlewareStack.add(
    (next) => async (args) => {
      const asked = { ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' as const } };
      const answer = await next(asked);
      const { ConsumedCapacity } = answer.output as QueryCommandOutput;
      units += ConsumedCapacity?.CapacityUnits ?? Number.NaN;
      return answer;
    },
    { step: 'initialize', name: MEASURING },
  );
  await store.dealTop(PORTAL, dealId, CARD_ROWS);
  documents.middlewareStack.remove(MEASURING);
  return units;
}

const MEASURING = 'measureReadUnits';
