/** What a call says: `{ TableName, Key, … }`. */
type Input = Record<string, unknown>;

/** The name that rights are given on, by the name that calls use. */
export type NameOfResource = (calledName: unknown) => string;

/**
 * What AWS asks of a caller's role for a call, such as `dynamodb:GetItem on LedgerTable`: for a transaction all that its parts do.
 *
 * @param target the call's `x-amz-target`
 * @throws Error for a call that is not known here
 */
export function neededRights(target: string, input: Input, nameOf: NameOfResource): string[] {
  const operation = target.slice(target.indexOf('.') + 1);
  switch (operation) {
    case 'GetItem':
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [`dynamodb:${operation} on ${nameOf(input.TableName)}`];
    case 'Query':
      return [`dynamodb:Query on ${nameOf(input.TableName)}${indexPart(input.IndexName)}`];
    case 'BatchGetItem':
      return Object.keys(input.RequestItems as Input).map(
        (table) => `dynamodb:BatchGetItem on ${nameOf(table)}`,
      );
    case 'TransactWriteItems':
      return (input.TransactItems as Record<string, { TableName: string }>[]).flatMap((item) =>
        Object.entries(item).map(
          ([part, { TableName }]) => `dynamodb:${PARTS[part] ?? part} on ${nameOf(TableName)}`,
        ),
      );
    case 'GetSecretValue':
      return [`secretsmanager:GetSecretValue on ${nameOf(input.SecretId)}`];
    case 'SendMessageBatch':
      return [`sqs:SendMessage on ${nameOf(input.QueueUrl)}`];
    case 'PutEvents':
      return (input.Entries as { EventBusName: string }[]).map(
        ({ EventBusName }) => `events:PutEvents on ${nameOf(EventBusName)}`,
      );
    default:
      throw new Error(`What rights ${target} needs is not known here.`);
  }
}

const indexPart = (index: unknown): string => (index === undefined ? '' : `/index/${index}`);

/** The parts of a transaction, by the rights that they need. */
const PARTS: Record<string, string> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};
