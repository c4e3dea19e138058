/**
 * ISO 4217 codes by their number of decimals (the standard's table A.1). Never taken from `Intl`, which follows everyday
 * use instead (0 decimals for ISK, HUF or IDR by locale data, for example) and so disagrees with what a ledger needs.
 * Codes that left the table recently stay while invoices in them may still be open.
 */
const CODES_BY_DECIMALS: ReadonlyArray<readonly [number, string]> = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF ' +
      'CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF ' +
      'IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN ' +
      'MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS ' +
      'SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG',
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];

const DECIMALS = new Map(
  CODES_BY_DECIMALS.flatMap(([decimals, codes]) =>
    codes.split(' ').map((code): [string, number] => [code, decimals]),
  ),
);

/** An ISO 4217 code, upper case, that the table above knows. */
export type CurrencyCode = string;

/** Every code of the table, in alphabetical order. */
export const CURRENCY_CODES: readonly CurrencyCode[] = [...DECIMALS.keys()].sort();

/** Whether the text is an ISO 4217 code in upper case. */
export const isCurrencyCode = (text: string): text is CurrencyCode => DECIMALS.has(text);

/** How many decimals an amount in this currency has: 0 for JPY, 2 for EUR, 3 for KWD. Throws on an unknown code. */
export function currencyDecimals(currency: CurrencyCode): number {
  const decimals = DECIMALS.get(currency);
  if (decimals === undefined) throw new RangeError(`No ISO 4217 currency: ${currency}`);
  return decimals;
}
