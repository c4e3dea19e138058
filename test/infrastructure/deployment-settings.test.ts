import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { readDeploymentSettings } from '../../lib/deployment-settings.ts';

const settings = (context: Record<string, unknown>) => readDeploymentSettings(new App({ context }).node);

describe('the settings of a deployment', () => {
  test('are those of production where nothing is said', () => {
    expect(settings({})).toEqual({
      production: true,
      prefix: 'Ledgerbridge',
      publicBaseUrl: undefined,
      alarmEmail: undefined,
      hubspotSignatureV2: 'on',
      sync: {},
      pdfFontFiles: [],
    });
  });

  test('hand the settings of the sync on to the functions, and refuse what makes no sense', () => {
    expect(settings({ priceCurrency: 'EUR', hubspotCallsPer10s: '150' }).sync).toEqual({
      PRICE_CURRENCY: 'EUR',
      HUBSPOT_CALLS_PER_10S: '150',
    });
    expect(() => settings({ onHubspotDeletion: 'perhaps' })).toThrow(
      /"onHubspotDeletion" must be fail or recreate/,
    );
  });

  test('take fonts for the PDF by the names of their packages, and refuse one that is not installed', () => {
    const arabic = '@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf';
    expect(settings({ pdfFontFiles: `${arabic},${arabic}` }).pdfFontFiles).toEqual([arabic, arabic]);
    for (const wrong of [
      'none/such.ttf',
      '../../etc/passwd.ttf',
      'a/../../b.ttf',
      `${arabic},`,
      'font.png',
      '',
    ]) {
      expect(() => settings({ pdfFontFiles: wrong })).toThrow(
        'The context value "pdfFontFiles" must be files of',
      );
    }
  });

  test('give a development deployment names of its own, so that it never replaces production', () => {
    expect(settings({ env: 'dev' })).toMatchObject({ production: false, prefix: 'LedgerbridgeDev' });
  });

  test.each([
    'https://invoices.example.com',
    'https://example.com/ledgerbridge',
    'https://example.com:8443/a/b',
  ])('take %s as the public address', (publicBaseUrl) => {
    expect(settings({ publicBaseUrl }).publicBaseUrl).toBe(publicBaseUrl);
  });

  test.each([
    ['publicBaseUrl', 'http://invoices.example.com'],
    ['publicBaseUrl', 'https://invoices.example.com/'],
    ['publicBaseUrl', 'https://invoices.example.com?a=b'],
    ['publicBaseUrl', 'invoices.example.com'],
    ['alarmEmail', 'nobody'],
    ['env', 'prod'],
    ['hubspotSignatureV2', 'no'],
  ])('refuse %s=%s by name and with what was expected', (name, value) => {
    expect(() => settings({ [name]: value })).toThrow(`The context value "${name}" must be `);
  });
});
