/**
 * A process for the kill test: it writes numbered transactions to a folder, several at once, and prints the number of
 * each when it is acknowledged, until it is killed.
 *
 * Arguments: the folder, and the number of the first transaction.
 */
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { startEmbeddedDynamoDB } from '../../local/dynamodb/embedded-dynamodb.ts';
import { connectTo } from './dynamodb-endpoint.ts';
import { itemsOfTransaction } from './dynamodb-kill-transactions.ts';

const [directory, first] = process.argv.slice(2);
let next = Number(first);

const embedded = await startEmbeddedDynamoDB({ directory });
const documents = DynamoDBDocumentClient.from(connectTo(embedded.endpoint));

async function writeForever(): Promise<never> {
  for (;;) {
    const number = next;
    next += 1;
    const TransactItems = itemsOfTransaction(number).map((Put) => ({ Put }));
    await documents.send(new TransactWriteCommand({ TransactItems }));
    process.stdout.write(`${number}\n`);
  }
}

await Promise.all([writeForever(), writeForever(), writeForever(), writeForever()]);
