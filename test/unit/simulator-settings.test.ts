import { describe, expect, test } from '@jest/globals';
import { readSettings } from '../../local/settings.ts';

describe('the simulator’s settings', () => {
  test('have a default each; an empty variable is one that was not set', () => {
    const defaults = {
      port: 3000,
      dataDirectory: '.local',
      withSampleData: true,
      publicBaseUrl: undefined,
      hubspotClientSecret: 'local-client-secret',
      ledgerTokens: [{ portalId: '987654', token: 'local-ledger-token' }],
      dynamodbEndpoint: undefined,
      portalTimeZone: 'UTC',
      hubspotSignatureV2: 'on',
    };
    expect(readSettings({})).toMatchObject(defaults);
    expect(readSettings({ PORT: '', LEDGER_TOKENS: '', PUBLIC_BASE_URL: '', LOCAL_EMPTY: '' })).toMatchObject(
      defaults,
    );
  });

  test('are read from the environment', () => {
    expect(
      readSettings({
        PORT: '0',
        LOCAL_DATA_DIR: ':memory:',
        LOCAL_EMPTY: '1',
        PUBLIC_BASE_URL: 'https://bridge.example.com/prefix/',
        HUBSPOT_CLIENT_SECRET: 'new,old',
        LEDGER_TOKENS: '1:one, 2:t:w,1:another',
        PORTAL_TIME_ZONE: 'Asia/Kuwait',
        HUBSPOT_SIGNATURE_V2: 'off',
        DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000',
      }),
    ).toMatchObject({
      port: 0,
      dataDirectory: undefined,
      withSampleData: false,
      publicBaseUrl: 'https://bridge.example.com/prefix',
      hubspotClientSecret: 'new,old',
      ledgerTokens: [
        { portalId: '1', token: 'one' },
        { portalId: '2', token: 't:w' },
        { portalId: '1', token: 'another' },
      ],
      portalTimeZone: 'Asia/Kuwait',
      hubspotSignatureV2: 'off',
      dynamodbEndpoint: 'http://127.0.0.1:8000',
    });
  });

  test.each([
    ['PORT', 'http'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '3000.5'],
    ['PUBLIC_BASE_URL', 'bridge.example.com'],
    ['PUBLIC_BASE_URL', 'ftp://bridge.example.com'],
    ['PUBLIC_BASE_URL', 'https://bridge.example.com/?a=b'],
    ['PUBLIC_BASE_URL', 'https://'],
    ['HUBSPOT_CLIENT_SECRET', ' , '],
    ['LEDGER_TOKENS', 'token'],
    ['LEDGER_TOKENS', 'portal:token'],
    ['LEDGER_TOKENS', '1:'],
    ['LEDGER_TOKENS', '0:token'],
    ['LEDGER_TOKENS', '1:to ken'],
    ['LEDGER_TOKENS', '1:tokén'],
    ['LEDGER_TOKENS', '1:one,'],
    ['LEDGER_TOKENS', '1:same,2:same'],
    ['PORTAL_TIME_ZONE', 'Europe/Atlantis'],
    ['HUBSPOT_SIGNATURE_V2', 'no'],
    ['DYNAMODB_ENDPOINT', '127.0.0.1:8000'],
  ])('that are wrong are named, with what was expected: %s=%s', (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^${name}: expected .{5,}\\.$`));
  });
});
