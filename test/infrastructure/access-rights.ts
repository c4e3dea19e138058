import { resourcesOf, type Template } from './synthesize.ts';

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

/** What each role may do and to what, such as `dynamodb:Query on SyncTable/index/due-index`, by the role's logical id. */
export function rightsOfRoles(template: Template): Map<string, string[]> {
  const rights = new Map<string, string[]>();
  for (const [, { Properties }] of resourcesOf(template, 'AWS::IAM::Policy')) {
    const { Statement } = Properties.PolicyDocument as { Statement: Statement[] };
    const given = Statement.flatMap(({ Action, Resource }) =>
      [Action]
        .flat()
        .flatMap((action) => [Resource].flat().map((resource) => `${action} on ${resourceName(resource)}`)),
    );
    for (const { Ref } of Properties.Roles as { Ref: string }[])
      rights.set(Ref, [...(rights.get(Ref) ?? []), ...given]);
  }
  return rights;
}

/** What each function may do, by its logical id. */
export function rightsOfFunctions(template: Template): Map<string, string[]> {
  const ofRoles = rightsOfRoles(template);
  return new Map(
    resourcesOf(template, 'AWS::Lambda::Function').map(([id, { Properties }]) => {
      const [role = ''] = (Properties.Role as { 'Fn::GetAtt': string[] })['Fn::GetAtt'];
      return [id, ofRoles.get(role) ?? []];
    }),
  );
}

/** What a reference points to, by the part of the resource's logical id that a person gave it: `LedgerTable`, `SyncTable/index/due-index`. */
export function resourceName(reference: unknown): string {
  if (reference === '*') return '*';
  const text = JSON.stringify(reference);
  const name =
    /(LedgerTable|SyncTable|SyncBells|HubspotClientSecret|HubspotAccessTokens|TicketKeys|LedgerTokens|EventBus)[0-9A-F]{8}(StreamArn)?/.exec(
      text,
    ) ?? /"()(\w+?)(?:[0-9A-F]{8})?"(?:,"Arn")?\]/.exec(text);
  const index = /\/index\/[\w-]+/.exec(text)?.[0] ?? '';
  return `${name?.[1] || ''}${name?.[2] ?? ''}${index}`;
}

/** Whether Lambda uses a right on the function's behalf: for its logs and traces, and to bring it records. */
export const isOfLambda = (right: string): boolean =>
  /^(?:logs:|xray:)| on LedgerTableStreamArn$| on \w*DeadLetters$|^sqs:(?!SendMessage )\w+ on SyncBells$/.test(
    right,
  );
