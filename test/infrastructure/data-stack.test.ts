import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { ledgerbridgeWith, templatesOf } from './templates.ts';

const production = templatesOf(ledgerbridgeWith()).data;
const development = templatesOf(ledgerbridgeWith({ env: 'dev' })).data;

/** Every resource but CDK's own note of its version. */
const policies = (template: typeof production): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(template.toJSON().Resources as Record<string, { Type: string; DeletionPolicy?: string }>)
      .filter(([, { Type }]) => Type !== 'AWS::CDK::Metadata')
      .map(([id, { DeletionPolicy }]) => [id, DeletionPolicy]),
  );

const replica = (properties: object) => ({ Replicas: [Match.objectLike(properties)] });

describe("the ledger's table", () => {
  test('has the keys, the number index, the stream and the expiry that the ledger relies on', () => {
    production.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'number-index',
          KeySchema: [
            { AttributeName: 'numberKey', KeyType: 'HASH' },
            { AttributeName: 'invoiceId', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  test('can be restored to any second of the last weeks, in development too', () => {
    const recovery = replica({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } });
    production.hasResourceProperties('AWS::DynamoDB::GlobalTable', recovery);
    development.hasResourceProperties('AWS::DynamoDB::GlobalTable', recovery);
  });

  test('is protected from deletion in production and not in development', () => {
    production.hasResourceProperties(
      'AWS::DynamoDB::GlobalTable',
      replica({ DeletionProtectionEnabled: true }),
    );
    development.hasResourceProperties(
      'AWS::DynamoDB::GlobalTable',
      replica({ DeletionProtectionEnabled: false }),
    );
  });
});

test('nothing of the data stack is deleted with it in production, and everything in development', () => {
  expect(new Set(Object.values(policies(production)))).toEqual(new Set(['Retain', 'RetainExceptOnCreate']));
  expect(new Set(Object.values(policies(development)))).toEqual(new Set(['Delete']));
});

test('the stack itself is protected in production only', () => {
  expect(ledgerbridgeWith().data.terminationProtection).toBe(true);
  expect(ledgerbridgeWith({ env: 'dev' }).data.terminationProtection).toBe(false);
});

test('no secret stands in the template: three are generated, and the list of tokens begins empty', () => {
  const secrets = Object.values(production.findResources('AWS::SecretsManager::Secret'));
  expect(secrets.map(({ Properties }) => Properties.SecretString ?? 'generated').sort()).toEqual(
    ['generated', 'generated', 'generated', '{}'].sort(),
  );
});
